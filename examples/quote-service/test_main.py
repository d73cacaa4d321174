import unittest

from main import quote


class QuoteTest(unittest.TestCase):
    def test_multiplies_price_and_quantity(self):
        self.assertEqual(quote("apple", 3)["total"], "1.20")

    def test_takes_a_tenth_off_from_a_hundred_on(self):
        self.assertEqual(quote("quince", 99)["total"], "118.80")
        self.assertEqual(quote("quince", 100)["total"], "108.00")


if __name__ == "__main__":
    unittest.main()
