// Only the tests of internal/export use this module: a reader of STIX 2.1 that did not come from here. It stands apart so that what it brings with
// it does not become part of the program.
module varde.test/gostix

go 1.26.8

require github.com/TcM1911/stix2 v0.10.4

require github.com/google/uuid v1.3.0 // indirect
