package config

import "os"

// Nothing of the environment is read but what stands in this file.

// User is the account that commands act as where --as does not name one: VARDE_USER.
func User() string { return os.Getenv("VARDE_USER") }

// Processors is how many goroutines may run at once, where somebody has said so: GOMAXPROCS, which Go itself reads.
func Processors() string { return os.Getenv("GOMAXPROCS") }

// MemoryLimit is the soft limit of memory, where somebody has said so: GOMEMLIMIT, which Go itself reads.
func MemoryLimit() string { return os.Getenv("GOMEMLIMIT") }
