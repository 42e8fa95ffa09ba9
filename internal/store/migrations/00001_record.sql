-- The record: what was seen, what linking made of it, and what changed.
--
-- Both engines read this file. For SQLite, COLLATE "C" is dropped: its TEXT compares bytes anyway. For PostgreSQL, lines
-- that begin with "--postgres" are put in force. Times are nanoseconds since 1970 UTC, 0 for none. JSON is TEXT.

CREATE TABLE counters (
  name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);

INSERT INTO counters (name, value) VALUES ('change', 0);

-- One row an ad. Version and sighting name its latest finding, which stands in versions.
CREATE TABLE ads (
  ad         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version    TEXT COLLATE "C" NOT NULL,
  sighting   TEXT COLLATE "C" NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen  BIGINT NOT NULL,
  sightings  BIGINT NOT NULL,
  versions   BIGINT NOT NULL
);

-- One row a look at an ad: what makes a redelivered finding change nothing.
CREATE TABLE sightings (
  id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  ad      TEXT COLLATE "C" NOT NULL REFERENCES ads (ad) ON DELETE CASCADE,
  seen_at BIGINT NOT NULL,
  version TEXT COLLATE "C" NOT NULL
);

-- One row a content of an ad, with the finding of the latest sighting that saw it.
CREATE TABLE versions (
  ad         TEXT COLLATE "C" NOT NULL REFERENCES ads (ad) ON DELETE CASCADE,
  version    TEXT COLLATE "C" NOT NULL,
  sighting   TEXT COLLATE "C" NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen  BIGINT NOT NULL,
  sightings  BIGINT NOT NULL,
  finding    TEXT NOT NULL,
  PRIMARY KEY (ad, version)
);
-- A finding of up to 8 KB stays in its row as it is. PostgreSQL would compress each of more than 2 KB, which halves the
-- speed of writing for little: half of a finding is hashes.
--postgres ALTER TABLE versions ALTER COLUMN finding SET STORAGE EXTERNAL;
--postgres ALTER TABLE versions SET (toast_tuple_target = 8160);

-- One row an identifier of an ad, over all its versions; signature and evidence are those of the latest sighting that
-- shows it.
CREATE TABLE identifiers (
  ad        TEXT COLLATE "C" NOT NULL REFERENCES ads (ad) ON DELETE CASCADE,
  kind      TEXT COLLATE "C" NOT NULL,
  value     TEXT COLLATE "C" NOT NULL,
  seen_at   BIGINT NOT NULL,
  sighting  TEXT COLLATE "C" NOT NULL,
  signature TEXT NOT NULL,
  evidence  TEXT NOT NULL,
  PRIMARY KEY (ad, kind, value)
);

-- What linking says of an ad.
CREATE TABLE standings (
  ad         TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES ads (ad) ON DELETE CASCADE,
  network    TEXT COLLATE "C" NOT NULL,
  score      DOUBLE PRECISION NOT NULL,
  band       TEXT NOT NULL,
  indicators TEXT NOT NULL
);

CREATE TABLE networks (
  id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  score      DOUBLE PRECISION NOT NULL,
  band       TEXT NOT NULL,
  ads        BIGINT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen  BIGINT NOT NULL,
  body       TEXT NOT NULL
);

CREATE INDEX networks_rank ON networks (score DESC, ads DESC, last_seen DESC, id, band);

-- Which id a network's former id gave way to. A living network has no row here under its own id.
CREATE TABLE successions (
  old_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  new_id TEXT COLLATE "C" NOT NULL,
  at     BIGINT NOT NULL
);

-- What changed, numbered without gaps in the order of commits.
CREATE TABLE changes (
  seq     BIGINT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,
  id      TEXT NOT NULL
);

CREATE TABLE users (
  name        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  hash        TEXT NOT NULL,
  role        TEXT NOT NULL,
  lang        TEXT NOT NULL,
  created     BIGINT NOT NULL,
  must_change BIGINT NOT NULL
);

-- Sessions of the console; data is base64.
CREATE TABLE sessions (
  token  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  data   TEXT NOT NULL,
  expiry BIGINT NOT NULL
);

CREATE INDEX sessions_expiry ON sessions (expiry);
