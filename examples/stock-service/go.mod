module example.org/stock-service

go 1.24
