import json
import threading
import unittest
from http.client import HTTPConnection
from http.server import ThreadingHTTPServer

from main import Handler


class QuoteTest(unittest.TestCase):
    def setUp(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def ask(self, method, path):
        connection = HTTPConnection("127.0.0.1", self.server.server_port, timeout=5)
        self.addCleanup(connection.close)
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, response.read()

    def test_says_what_an_article_costs(self):
        status, body = self.ask("GET", "/quotes/apple")
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(body), {"article": "apple", "price": "0.40", "currency": "EUR"})

    def test_lists_all_prices(self):
        self.assertEqual(json.loads(self.ask("GET", "/quotes")[1])["quince"], "1.20")

    def test_refuses_unknown_articles_paths_and_methods(self):
        self.assertEqual(self.ask("GET", "/quotes/unknown")[0], 404)
        self.assertEqual(self.ask("GET", "/apple")[0], 404)
        self.assertEqual(self.ask("DELETE", "/quotes/apple")[0], 405)
        self.assertEqual(self.ask("HEAD", "/quotes/apple"), (200, b""))


if __name__ == "__main__":
    unittest.main()
