"""`python -m sellerdesk`."""

from sellerdesk.interfaces.cli.main import main

if __name__ == "__main__":
    main()
