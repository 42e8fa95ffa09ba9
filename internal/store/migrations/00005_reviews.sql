-- Decisions of people about networks, and the versions of the points that make scores. For how both engines read this file see
-- 00001_record.sql.

INSERT INTO counters (name, value) VALUES ('review', 0);

-- One row a decision, numbered without gaps in the order of commits and never changed. Network is its id at that time; snapshot is what it
-- and its score were then.
CREATE TABLE reviews (
  seq      BIGINT NOT NULL PRIMARY KEY,
  at       BIGINT NOT NULL,
  author   TEXT COLLATE "C" NOT NULL,
  network  TEXT COLLATE "C" NOT NULL,
  decision TEXT COLLATE "C" NOT NULL,
  reason   TEXT NOT NULL,
  note     TEXT NOT NULL,
  undoes   BIGINT NOT NULL,
  snapshot TEXT NOT NULL
);

CREATE INDEX reviews_network ON reviews (network, seq);

-- The decision that stands about each network under its present id: derived from reviews and successions, for the queue.
CREATE TABLE decisions (
  network  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  seq      BIGINT NOT NULL,
  decision TEXT COLLATE "C" NOT NULL
);

CREATE INDEX successions_new ON successions (new_id);

-- Every version that ever made a score, and every proposal.
CREATE TABLE score_versions (
  id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  text    TEXT NOT NULL,
  points  TEXT NOT NULL,
  origin  TEXT NOT NULL,
  base    TEXT NOT NULL,
  author  TEXT NOT NULL,
  at      BIGINT NOT NULL,
  report  TEXT NOT NULL,
  state   TEXT NOT NULL,
  decider TEXT NOT NULL,
  decided BIGINT NOT NULL,
  note    TEXT NOT NULL
);

-- Which version was in force since when; the last row's is.
CREATE TABLE score_force (
  seq     BIGINT NOT NULL PRIMARY KEY,
  version TEXT COLLATE "C" NOT NULL,
  at      BIGINT NOT NULL,
  by_whom TEXT NOT NULL
);

ALTER TABLE standings ADD COLUMN score_version TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE networks ADD COLUMN score_version TEXT COLLATE "C" NOT NULL DEFAULT '';
