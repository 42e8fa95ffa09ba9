-- What became of networks: one row for every two networks between which ads went in one commit, never changed. Seq is the number of that
-- commit's first change. A network that gave way whole is in successions too; this says what it was and how many ads.

CREATE TABLE lineage (
  seq     BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  kind    TEXT COLLATE "C" NOT NULL,
  from_id TEXT COLLATE "C" NOT NULL,
  to_id   TEXT COLLATE "C" NOT NULL,
  ads     BIGINT NOT NULL,
  PRIMARY KEY (seq, from_id, to_id)
);

CREATE INDEX lineage_from ON lineage (from_id, seq);
CREATE INDEX lineage_to ON lineage (to_id, seq);
