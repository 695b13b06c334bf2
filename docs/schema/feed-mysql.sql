-- congvan feed: tables in the target database. Generated; see docs/feeds.md
CREATE TABLE congvan_documents (
	document_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	ordinal BIGINT NOT NULL, 
	schema_version VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	source_name LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	media_type VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	bytes BIGINT NOT NULL, 
	family VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	status VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	kind VARCHAR(1000) CHARACTER SET utf8mb4, 
	number VARCHAR(1000) CHARACTER SET utf8mb4, 
	symbol VARCHAR(1000) CHARACTER SET utf8mb4, 
	code VARCHAR(1000) CHARACTER SET utf8mb4, 
	issued_on VARCHAR(32), 
	published_on VARCHAR(32), 
	dated_on VARCHAR(32), 
	year BIGINT, 
	place LONGTEXT CHARACTER SET utf8mb4, 
	issuer LONGTEXT CHARACTER SET utf8mb4, 
	parent_agency LONGTEXT CHARACTER SET utf8mb4, 
	title LONGTEXT CHARACTER SET utf8mb4, 
	signer LONGTEXT CHARACTER SET utf8mb4, 
	signer_title LONGTEXT CHARACTER SET utf8mb4, 
	authority LONGTEXT CHARACTER SET utf8mb4, 
	urgency VARCHAR(1000) CHARACTER SET utf8mb4, 
	secrecy VARCHAR(1000) CHARACTER SET utf8mb4, 
	author LONGTEXT CHARACTER SET utf8mb4, 
	pages BIGINT NOT NULL, 
	ocr_pages BIGINT NOT NULL, 
	reading DOUBLE, 
	characters BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
)CHARSET=utf8mb4 ENGINE=InnoDB;

CREATE TABLE congvan_document_parties (
	document_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	ordinal BIGINT NOT NULL, 
	`role` VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	value LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
)CHARSET=utf8mb4 ENGINE=InnoDB;

CREATE TABLE congvan_sections (
	document_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	ordinal BIGINT NOT NULL, 
	section_id VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	parent_id VARCHAR(1000) CHARACTER SET utf8mb4, 
	level BIGINT NOT NULL, 
	label VARCHAR(1000) CHARACTER SET utf8mb4, 
	title LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	`role` VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
)CHARSET=utf8mb4 ENGINE=InnoDB;

CREATE TABLE congvan_statements (
	document_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	ordinal BIGINT NOT NULL, 
	statement_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	section_id VARCHAR(1000) CHARACTER SET utf8mb4, 
	label VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	also VARCHAR(1000) CHARACTER SET utf8mb4, 
	text LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	speaker LONGTEXT CHARACTER SET utf8mb4, 
	confidence DOUBLE NOT NULL, 
	origin VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	page BIGINT, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
)CHARSET=utf8mb4 ENGINE=InnoDB;

CREATE TABLE congvan_tasks (
	document_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	ordinal BIGINT NOT NULL, 
	task_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	statement_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin, 
	kind VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	action LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	quote LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	deadline_kind VARCHAR(1000) CHARACTER SET utf8mb4, 
	deadline_value LONGTEXT CHARACTER SET utf8mb4, 
	deadline_raw LONGTEXT CHARACTER SET utf8mb4, 
	due_on VARCHAR(32), 
	due_basis VARCHAR(1000) CHARACTER SET utf8mb4, 
	urgency VARCHAR(1000) CHARACTER SET utf8mb4, 
	product LONGTEXT CHARACTER SET utf8mb4, 
	topic VARCHAR(1000) CHARACTER SET utf8mb4, 
	document_refs LONGTEXT CHARACTER SET utf8mb4, 
	page BIGINT, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
)CHARSET=utf8mb4 ENGINE=InnoDB;

CREATE TABLE congvan_task_parties (
	document_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	ordinal BIGINT NOT NULL, 
	task_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	`role` VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	value LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	name_key LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	inherited BOOL NOT NULL, 
	origin VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
)CHARSET=utf8mb4 ENGINE=InnoDB;

CREATE TABLE congvan_figures (
	document_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	ordinal BIGINT NOT NULL, 
	value VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	value_max VARCHAR(1000) CHARACTER SET utf8mb4, 
	unit VARCHAR(1000) CHARACTER SET utf8mb4, 
	kind VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	metric LONGTEXT CHARACTER SET utf8mb4, 
	subject LONGTEXT CHARACTER SET utf8mb4, 
	period_start VARCHAR(32), 
	period_end VARCHAR(32), 
	comparator VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	quote LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
)CHARSET=utf8mb4 ENGINE=InnoDB;

CREATE TABLE congvan_references (
	document_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	ordinal BIGINT NOT NULL, 
	code VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	kind VARCHAR(1000) CHARACTER SET utf8mb4, 
	cited_on VARCHAR(32), 
	quote LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
)CHARSET=utf8mb4 ENGINE=InnoDB;

CREATE TABLE congvan_mentions (
	document_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	ordinal BIGINT NOT NULL, 
	type VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	value LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	entity VARCHAR(1000) CHARACTER SET utf8mb4, 
	quote LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
)CHARSET=utf8mb4 ENGINE=InnoDB;

CREATE TABLE congvan_issues (
	document_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, 
	ordinal BIGINT NOT NULL, 
	code VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	severity VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL, 
	message LONGTEXT CHARACTER SET utf8mb4 NOT NULL, 
	span_start BIGINT, 
	span_end BIGINT, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
)CHARSET=utf8mb4 ENGINE=InnoDB;

CREATE TABLE congvan_feed_state (
	name VARCHAR(20) NOT NULL, 
	store VARCHAR(32) NOT NULL, 
	seq BIGINT NOT NULL, 
	shape VARCHAR(32) NOT NULL, 
	PRIMARY KEY (name)
);
