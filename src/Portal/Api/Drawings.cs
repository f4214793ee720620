using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.Net.Http.Headers;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Drawings;

namespace Seamless.Portal.Api;

/// <summary>The exploded view of a type of equipment, for programs and for printing.</summary>
internal static class Drawings
{
    /// <summary>By itself a drawing has no page to take its colours from: ink on paper, the other way round at night.</summary>
    private const string Style =
        "svg{color-scheme:light dark;--ink:light-dark(#1b2127,#dde2e7);--paper:light-dark(#fff,#1c2127);--shade:light-dark(#e4e8ec,#2a3138);--deep:light-dark(#b4bcc4,#4a545e);background:var(--paper)}"
        + "path,line,polyline,polygon,rect,circle,ellipse{fill:none;stroke:var(--ink);stroke-width:1.3;stroke-linejoin:round;stroke-linecap:round}"
        + ".d-body{fill:var(--paper)}.d-face{fill:var(--shade)}.d-dark{fill:var(--deep)}.d-thin,.d-leader{stroke-width:.8}.d-ghost{stroke-width:.8;stroke-dasharray:4 3}.d-axis{stroke-width:.8;stroke-dasharray:14 4 3 4}"
        + ".d-balloon{fill:var(--paper)}.d-item{fill:var(--ink);font:600 13px system-ui,sans-serif;text-anchor:middle;dominant-baseline:central}";

    /// <summary>Opened by itself in a browser it may do nothing at all: no script, nothing loaded, no origin, in nobody's frame.</summary>
    private static readonly string Sandbox =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; sandbox; frame-ancestors 'none'";

    public static void MapDrawings(this RouteGroupBuilder api) =>
        api.MapGet("/types/{type}/drawing", Serve).WithName("getDrawing").WithTags("Rules").RequireAuthorization(Policies.Read)
            .Produces<string>(StatusCodes.Status200OK, "image/svg+xml").ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("The exploded view of a type of equipment as SVG; an element's data-part is the SKU of its part.");

    private static IResult Serve(string type, IPacks packs, HttpContext http)
    {
        if (packs.Find(type) is not { } pack) return Problems.NotFound($"there is no pack '{type}'");
        if (pack.Drawing is not { } drawing) return Problems.NotFound($"the pack '{type}' has no drawing");
        var svg = drawing.ToSvg(language: null, _ => null);
        svg.AddFirst(new XElement(svg.Name.Namespace + "style", Style));
        var bytes = Encoding.UTF8.GetBytes(svg.ToString());
        http.Response.Headers.ContentSecurityPolicy = Sandbox;
        http.Response.Headers.CacheControl = "private, no-cache";   // kept, and asked for by its tag
        return TypedResults.Bytes(bytes, "image/svg+xml; charset=utf-8", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\""));
    }
}
