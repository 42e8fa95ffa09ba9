-- What people know from cases and tips: an ad that shows one of these gets an indicator that names the reference.

CREATE TABLE watch (
  kind      TEXT COLLATE "C" NOT NULL,
  value     TEXT COLLATE "C" NOT NULL,
  reference TEXT NOT NULL,
  note      TEXT NOT NULL,
  actor     TEXT NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (kind, value)
);

INSERT INTO counters (name, value) VALUES ('watch', 0);
