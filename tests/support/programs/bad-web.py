"""Answers every GET with 503: bad-web.py PORT."""
import http.server
import sys


class Unwell(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(503)


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Unwell).serve_forever()
