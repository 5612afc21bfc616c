-- As a first revision of the old project made them: keys without names of ours, no checks, the server's collation, and
-- one column that is wider than ours. alembic_version is there and empty.
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
CREATE TABLE `User` (
  id_user CHAR(36) NOT NULL PRIMARY KEY, email VARCHAR(255) NOT NULL UNIQUE, username VARCHAR(100) NOT NULL,
  password VARCHAR(255), role VARCHAR(50), active TINYINT(1) DEFAULT 1);
CREATE TABLE `Role` (id_role CHAR(36) NOT NULL PRIMARY KEY, role_name VARCHAR(100) NOT NULL);
CREATE TABLE `UserInfo` (
  id_user CHAR(36) NOT NULL PRIMARY KEY, primerNombre VARCHAR(100), segundoNombre VARCHAR(100),
  primerApellido VARCHAR(100), segundoApellido VARCHAR(100), telefono VARCHAR(50), direccion VARCHAR(255),
  ciudad VARCHAR(100), departamento VARCHAR(100), pais VARCHAR(100), numeroIdentificacion VARCHAR(50),
  tipoIdentificacion VARCHAR(50), FOREIGN KEY (id_user) REFERENCES `User` (id_user));
CREATE TABLE `Bank` (id_bank CHAR(36) NOT NULL PRIMARY KEY, bank_name VARCHAR(255) NOT NULL);
CREATE TABLE `TransactionCategory` (id_category CHAR(36) NOT NULL PRIMARY KEY, description VARCHAR(255) NOT NULL);
CREATE TABLE `TransactionBatch` (
  id_batch CHAR(36) NOT NULL PRIMARY KEY, process_status VARCHAR(50) NOT NULL, start_date DATETIME NOT NULL,
  end_date DATETIME, batch_size INT);
CREATE TABLE `Transaction` (
  id_transaction CHAR(36) NOT NULL PRIMARY KEY, id_user CHAR(36) NOT NULL, id_category CHAR(36) NOT NULL,
  id_bank CHAR(36), id_batch CHAR(36), transaction_name VARCHAR(255) NOT NULL, value NUMERIC(15, 2) NOT NULL,
  transaction_date DATETIME NOT NULL, transaction_type VARCHAR(50) NOT NULL,
  FOREIGN KEY (id_user) REFERENCES `User` (id_user), FOREIGN KEY (id_batch) REFERENCES `TransactionBatch` (id_batch),
  FOREIGN KEY (id_category) REFERENCES `TransactionCategory` (id_category),
  FOREIGN KEY (id_bank) REFERENCES `Bank` (id_bank));
CREATE TABLE `InsightCategory` (id_category CHAR(36) NOT NULL PRIMARY KEY, description VARCHAR(255) NOT NULL);
CREATE TABLE `Insights` (
  id_insight CHAR(36) NOT NULL PRIMARY KEY, id_user CHAR(36) NOT NULL, id_category CHAR(36) NOT NULL,
  title VARCHAR(255) NOT NULL, text TEXT NOT NULL, relevance INT NOT NULL,
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, FOREIGN KEY (id_user) REFERENCES `User` (id_user),
  FOREIGN KEY (id_category) REFERENCES `InsightCategory` (id_category));
