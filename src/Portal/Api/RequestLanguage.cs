using Seamless.Rules.Packs;

namespace Seamless.Portal.Api;

/// <summary>The language of plain-string texts (<c>message</c>, <c>title</c>): by Accept-Language, English unless Chinese is preferred.</summary>
internal static class RequestLanguage
{
    public static string Language(this HttpContext context)
    {
        var accepted = context.Request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString());
        foreach (var tag in accepted)
        {
            if (tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase)) return "zh-CN";
            if (tag.StartsWith("en", StringComparison.OrdinalIgnoreCase)) return "en";
        }
        return "en";
    }

    public static Func<LocalizedText, string> Texts(this HttpContext context)
    {
        var language = context.Language();
        return text => text.In(language);
    }
}
