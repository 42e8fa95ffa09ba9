-- Ads in which a child may be involved: one row an ad, raised with the ad's sighting and answered by a person. And what sets networks
-- apart: a class such as spam, and how many of their ads are flagged.

CREATE TABLE child_flags (
  ad         TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES ads (ad) ON DELETE CASCADE,
  version    TEXT COLLATE "C" NOT NULL,
  seen_at    BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  indicators TEXT NOT NULL,
  raised     BIGINT NOT NULL,
  state      TEXT COLLATE "C" NOT NULL,
  outcome    TEXT NOT NULL,
  actor      TEXT NOT NULL,
  note       TEXT NOT NULL,
  changed    BIGINT NOT NULL,
  revision   BIGINT NOT NULL
);

CREATE INDEX child_flags_waiting ON child_flags (state, at);

ALTER TABLE standings ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE standings ADD COLUMN child BIGINT NOT NULL DEFAULT 0;
ALTER TABLE networks ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE networks ADD COLUMN child BIGINT NOT NULL DEFAULT 0;
