// Package auth says who is at the keyboard: local accounts with argon2id password hashes, sign-in with a lock-out,
// and sessions kept by whatever store it is given.
//
// It promises that a wrong name takes as long as a wrong password, that a password is never kept, logged or shown
// again after it was made, that changing a password ends every other session of the account, and that a session token
// read from the store opens nothing (the store holds its hash).
// It never decides what an account may see, and it writes no page.
package auth
