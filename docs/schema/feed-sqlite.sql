-- congvan feed: tables in the target database. Generated; see docs/feeds.md
CREATE TABLE congvan_documents (
	document_id VARCHAR(80) NOT NULL, 
	ordinal BIGINT NOT NULL, 
	schema_version TEXT NOT NULL, 
	source_name TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	bytes BIGINT NOT NULL, 
	family TEXT NOT NULL, 
	status TEXT NOT NULL, 
	kind TEXT, 
	number TEXT, 
	symbol TEXT, 
	code TEXT, 
	issued_on VARCHAR(32), 
	published_on VARCHAR(32), 
	dated_on VARCHAR(32), 
	year BIGINT, 
	place TEXT, 
	issuer TEXT, 
	parent_agency TEXT, 
	title TEXT, 
	signer TEXT, 
	signer_title TEXT, 
	authority TEXT, 
	urgency TEXT, 
	secrecy TEXT, 
	author TEXT, 
	pages BIGINT NOT NULL, 
	ocr_pages BIGINT NOT NULL, 
	reading DOUBLE, 
	characters BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
);

CREATE TABLE congvan_document_parties (
	document_id VARCHAR(80) NOT NULL, 
	ordinal BIGINT NOT NULL, 
	role TEXT NOT NULL, 
	value TEXT NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
);

CREATE TABLE congvan_sections (
	document_id VARCHAR(80) NOT NULL, 
	ordinal BIGINT NOT NULL, 
	section_id TEXT NOT NULL, 
	parent_id TEXT, 
	level BIGINT NOT NULL, 
	label TEXT, 
	title TEXT NOT NULL, 
	role TEXT NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
);

CREATE TABLE congvan_statements (
	document_id VARCHAR(80) NOT NULL, 
	ordinal BIGINT NOT NULL, 
	statement_id VARCHAR(80) NOT NULL, 
	section_id TEXT, 
	label TEXT NOT NULL, 
	also TEXT, 
	text TEXT NOT NULL, 
	speaker TEXT, 
	confidence DOUBLE NOT NULL, 
	origin TEXT NOT NULL, 
	page BIGINT, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
);

CREATE TABLE congvan_tasks (
	document_id VARCHAR(80) NOT NULL, 
	ordinal BIGINT NOT NULL, 
	task_id VARCHAR(80) NOT NULL, 
	statement_id VARCHAR(80), 
	kind TEXT NOT NULL, 
	action TEXT NOT NULL, 
	quote TEXT NOT NULL, 
	deadline_kind TEXT, 
	deadline_value TEXT, 
	deadline_raw TEXT, 
	due_on VARCHAR(32), 
	due_basis TEXT, 
	urgency TEXT, 
	product TEXT, 
	topic TEXT, 
	document_refs TEXT, 
	page BIGINT, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
);

CREATE TABLE congvan_task_parties (
	document_id VARCHAR(80) NOT NULL, 
	ordinal BIGINT NOT NULL, 
	task_id VARCHAR(80) NOT NULL, 
	role TEXT NOT NULL, 
	value TEXT NOT NULL, 
	name_key TEXT NOT NULL, 
	inherited BOOLEAN NOT NULL, 
	origin TEXT NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
);

CREATE TABLE congvan_figures (
	document_id VARCHAR(80) NOT NULL, 
	ordinal BIGINT NOT NULL, 
	value TEXT NOT NULL, 
	value_max TEXT, 
	unit TEXT, 
	kind TEXT NOT NULL, 
	metric TEXT, 
	subject TEXT, 
	period_start VARCHAR(32), 
	period_end VARCHAR(32), 
	comparator TEXT NOT NULL, 
	quote TEXT NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
);

CREATE TABLE congvan_references (
	document_id VARCHAR(80) NOT NULL, 
	ordinal BIGINT NOT NULL, 
	code TEXT NOT NULL, 
	kind TEXT, 
	cited_on VARCHAR(32), 
	quote TEXT NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
);

CREATE TABLE congvan_mentions (
	document_id VARCHAR(80) NOT NULL, 
	ordinal BIGINT NOT NULL, 
	type TEXT NOT NULL, 
	value TEXT NOT NULL, 
	entity TEXT, 
	quote TEXT NOT NULL, 
	span_start BIGINT NOT NULL, 
	span_end BIGINT NOT NULL, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
);

CREATE TABLE congvan_issues (
	document_id VARCHAR(80) NOT NULL, 
	ordinal BIGINT NOT NULL, 
	code TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	message TEXT NOT NULL, 
	span_start BIGINT, 
	span_end BIGINT, 
	row_hash VARCHAR(16) NOT NULL, 
	PRIMARY KEY (document_id, ordinal)
);

CREATE TABLE congvan_feed_state (
	name VARCHAR(20) NOT NULL, 
	store VARCHAR(32) NOT NULL, 
	seq BIGINT NOT NULL, 
	shape VARCHAR(32) NOT NULL, 
	PRIMARY KEY (name)
);
