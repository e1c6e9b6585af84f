"""Analytics: views and sales by day, rebuilt from orders at any time."""
