using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Seamless.Portal.Pages.Viewing;

/// <summary>What an action has to say on the page that follows it; it travels in a cookie that is read once.</summary>
public sealed record Notice(bool Refused, string Text)
{
    private const string Cookie = "seamless.notice";

    public void Leave(HttpContext http) => http.Response.Cookies.Append(
        Cookie, (Refused ? "!" : "+") + WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(Text)),
        new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, MaxAge = TimeSpan.FromSeconds(30), Path = "/" });

    public static Notice? Take(HttpContext http)
    {
        // A page that refreshes itself in the background is not the page that follows the action.
        if (http.Request.Headers.ContainsKey("X-Seamless-Refresh")) return null;
        if (http.Request.Cookies[Cookie] is not { Length: > 1 } raw) return null;
        http.Response.Cookies.Delete(Cookie);
        try
        {
            return new Notice(raw[0] == '!', Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(raw[1..])));
        }
        catch (FormatException)
        {
            return null;   // someone else's cookie of that name
        }
    }
}
