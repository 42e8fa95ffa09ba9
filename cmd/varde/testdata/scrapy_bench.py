"""A bare Scrapy spider for BenchmarkCrawl: the same links, the same concurrency, nothing kept. Prints the seconds it took."""
import sys
import time

import scrapy
from scrapy.crawler import CrawlerProcess


class Spider(scrapy.Spider):
    name = "bench"

    def start_requests(self):
        yield scrapy.Request(sys.argv[1])

    def parse(self, response):
        if response.url.endswith(".jpg"):
            return
        for a in response.css("a.ad::attr(href), a.next::attr(href), img::attr(src)"):
            yield response.follow(a.get(), self.parse)


n = int(sys.argv[2])
process = CrawlerProcess(settings={"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": False, "CONCURRENT_REQUESTS": n,
                                   "CONCURRENT_REQUESTS_PER_DOMAIN": n, "DOWNLOAD_DELAY": 0, "COOKIES_ENABLED": False, "RETRY_ENABLED": False})
process.crawl(Spider)
began = time.time()
process.start()
print(time.time() - began)
