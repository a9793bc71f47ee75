--liquibase formatted sql

--changeset host:orders
CREATE TABLE orders (item VARCHAR(50) PRIMARY KEY);
