"""The entrance of the office: signing up, in and out, and where links from mails lead. Every page works without a script."""

from foyer.web.entrance import links, sign_in, sign_up

ROUTES = [*sign_up.ROUTES, *sign_in.ROUTES, *links.ROUTES]
