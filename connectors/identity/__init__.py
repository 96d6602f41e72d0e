"""Sign-in by an electronic identity: OpenID Connect, authorization code with PKCE."""
