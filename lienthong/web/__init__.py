"""What the portal and the API share: session, CSRF, language, security headers, problem pages.

Rule: nothing here knows a page or a route of either; both import from here, never from each other.

* ``install.install_web(app, settings)`` once in the composition root.
* ``users``: dependencies ``current_user``, ``optional_user``, ``require_staff("officer", ...)``.
* ``csrf``: dependency ``csrf_protect``; field ``csrf_token`` or header ``X-CSRF-Token``; token from
  ``session.csrf_token(request)``.
* ``session``: ``sign_in_session(request, user_id)``, ``sign_out_session(request)``.
* ``language``: ``current_language(request)``, ``choose_language(response, language)``.
* ``problems``: ``raise Problem(status, code, vi, en)``.
"""
