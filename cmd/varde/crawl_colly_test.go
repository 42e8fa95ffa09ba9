package main

import (
	"fmt"
	"time"

	"github.com/gocolly/colly/v2"
)

// benchColly is a bare colly program: it follows the same links, with the same concurrency, and keeps nothing.
func benchColly(addr string) error {
	c := colly.NewCollector(colly.Async(true))
	c.IgnoreRobotsTxt = true
	if err := c.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: benchParallel}); err != nil {
		return err
	}
	follow := func(attr string) colly.HTMLCallback {
		return func(e *colly.HTMLElement) { _ = e.Request.Visit(e.Attr(attr)) }
	}
	c.OnHTML("a.ad", follow("href"))
	c.OnHTML("a.next", follow("href"))
	c.OnHTML("img", follow("src"))
	began := time.Now()
	if err := c.Visit("http://" + addr + "/ads"); err != nil {
		return err
	}
	c.Wait()
	fmt.Println(time.Since(began).Seconds())
	return nil
}
