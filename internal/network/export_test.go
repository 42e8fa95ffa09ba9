package network

func init() { mostFresh = 500 }
