-- Lawful crawling: targets with their versions and approvals, the log of who did what, what is known of each site's pages, and which
-- ads are no longer there. For how both engines read this file see 00001_record.sql; FILLFACTOR leaves room for the new state of a row
-- beside the old one.

INSERT INTO counters (name, value) VALUES ('audit', 0);

-- One row a target: where its current version stands. Revision counts changes and is compared before each.
CREATE TABLE targets (
  id       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  state    TEXT NOT NULL,
  version  BIGINT NOT NULL,
  hash     TEXT NOT NULL,
  author   TEXT NOT NULL,
  revision BIGINT NOT NULL,
  changed  BIGINT NOT NULL
);

-- One row a text of a target. It is written once, and its approval once; approval is '' where there is none.
CREATE TABLE target_versions (
  target      TEXT COLLATE "C" NOT NULL,
  number      BIGINT NOT NULL,
  hash        TEXT NOT NULL,
  author      TEXT NOT NULL,
  at          BIGINT NOT NULL,
  approval    TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  approved_at BIGINT NOT NULL,
  consent     BIGINT NOT NULL,
  note        TEXT NOT NULL,
  reason      TEXT NOT NULL,
  body        TEXT NOT NULL,
  PRIMARY KEY (target, number)
);

-- The log, numbered without gaps in the order of commits.
CREATE TABLE audit (
  seq     BIGINT NOT NULL PRIMARY KEY,
  at      BIGINT NOT NULL,
  actor   TEXT NOT NULL,
  action  TEXT NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  reason  TEXT NOT NULL,
  purpose TEXT NOT NULL,
  object  TEXT NOT NULL
);

CREATE INDEX audit_subject ON audit (subject, seq);

-- One row a page of a site. Page is target/kind/name: with a key of several columns, PostgreSQL looks a list of names up by going through
-- all pages of the target, where it made the plan while there were few. Due is 0 for what is never to be read again, and for pictures,
-- which are read with their ads. A page is leased to owner as long as leased lies ahead.
CREATE TABLE pages (
  page          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  target        TEXT COLLATE "C" NOT NULL,
  kind          TEXT COLLATE "C" NOT NULL,
  due           BIGINT NOT NULL,
  leased        BIGINT NOT NULL,
  owner         TEXT COLLATE "C" NOT NULL,
  url           TEXT NOT NULL,
  every         BIGINT NOT NULL,
  etag          TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  sha256        TEXT NOT NULL,
  visits        BIGINT NOT NULL,
  changes       BIGINT NOT NULL,
  failures      BIGINT NOT NULL,
  depth         BIGINT NOT NULL,
  barren        BIGINT NOT NULL,
  found         BIGINT NOT NULL,
  read          BIGINT NOT NULL,
  changed       BIGINT NOT NULL,
  gone          BIGINT NOT NULL,
  outcome       TEXT NOT NULL
);
--postgres ALTER TABLE pages SET (fillfactor = 70);

-- What is due, of each kind in the order in which it is read.
CREATE INDEX pages_due ON pages (target, kind, due) WHERE due > 0;

-- How many pages of a target there are, kept while they come and are read: counting a million takes seconds.
CREATE TABLE page_totals (
  target    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  lists     BIGINT NOT NULL,
  ads       BIGINT NOT NULL,
  read      BIGINT NOT NULL,
  gone      BIGINT NOT NULL,
  last_read BIGINT NOT NULL
);
--postgres ALTER TABLE page_totals SET (fillfactor = 50);

-- What came of visits.
CREATE TABLE page_counts (
  target  TEXT COLLATE "C" NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  n       BIGINT NOT NULL,
  first   BIGINT NOT NULL,
  last    BIGINT NOT NULL,
  example TEXT NOT NULL,
  detail  TEXT NOT NULL,
  PRIMARY KEY (target, outcome)
);
--postgres ALTER TABLE page_counts SET (fillfactor = 50);

-- How often a field was there on ad pages. Recent has a 1 or a 0 for each of the latest.
CREATE TABLE page_fields (
  target  TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  field   TEXT COLLATE "C" NOT NULL,
  pages   BIGINT NOT NULL,
  had     BIGINT NOT NULL,
  recent  TEXT NOT NULL,
  missing TEXT NOT NULL,
  last    BIGINT NOT NULL,
  PRIMARY KEY (target, version, field)
);
--postgres ALTER TABLE page_fields SET (fillfactor = 50);

-- When an ad was found to be no longer there. It counts where it was not seen after that. The ad need not be recorded yet.
CREATE TABLE gone (
  ad TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
);
