"""Sign in, sign out, a new password, and where everybody begins."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy

from consultant.web import roles


class SignIn(LoginView):
    """Django's own, and a sentence of ours once axes has locked somebody out."""

    template_name = "sign_in.html"
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if not getattr(self.request, "axes_locked_out", False):
            return super().form_invalid(form)
        self.request.axes_locked_out = False  # type: ignore[attr-defined]  # the library would put its own page over ours
        minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
        return render(self.request, "locked_out.html", {"minutes": minutes}, status=429)


class NewPassword(SuccessMessageMixin, PasswordChangeView):  # type: ignore[type-arg]
    template_name = "new_password.html"
    success_url = reverse_lazy("home")
    success_message = "Your password is changed."


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()
new_password = roles.for_everybody(NewPassword.as_view())


@roles.for_everybody
def home(request: HttpRequest) -> HttpResponse:
    """Everybody begins where their work is."""
    user = roles.user_of(request)
    if roles.may_act(user):
        return redirect("queue")
    return redirect("trail" if roles.may_audit(user) else "mine")
