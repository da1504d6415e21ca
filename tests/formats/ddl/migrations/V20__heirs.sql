CREATE TABLE staff (badge varchar(8) NOT NULL) INHERITS (company);
