package evidence

import "io/fs"

// File is what tests put in place of a file.
type File = file

// WithFiles opens an archive's files through f.
func WithFiles(c Config, f func(name string, flag int, perm fs.FileMode) (File, error)) Config {
	c.openFile = f
	return c
}
