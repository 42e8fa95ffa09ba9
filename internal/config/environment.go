package config

import "os"

// User is the account that commands act as where --as does not name one: VARDE_USER. Nothing else of the environment is read.
func User() string { return os.Getenv("VARDE_USER") }
