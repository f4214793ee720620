using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Knowledge.Guidance;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class KnowledgeActions
{
    private const string Symptom = "symptom.";

    public static void Map(IEndpointRouteBuilder app)
    {
        var desk = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(Duties.Tickets));

        desk.MapPost("/knowledge/write", async ([FromServices] ActionRequest request, IArticles articles) =>
        {
            var audience = Enum.TryParse<Audience>(request.Field("audience"), out var chosen) ? chosen : Audience.Internal;
            var outcome = await articles.WriteAsync(new NewArticle(request.Viewer.Tenant, request.Field("type") ?? "", request.Field("faultCode") ?? "", audience, WordsOf(request)), request.Viewer.Name, request.Aborted);
            return await request.AnswerAsync("article.write", $"article:{outcome.Value?.Number ?? "-"}", outcome, elsewhere: outcome.Succeeded ? $"/knowledge/{outcome.Value.Number}" : null);
        });

        desk.MapPost("/knowledge/{number}/texts", async (string number, [FromServices] ActionRequest request, IArticles articles) =>
            await request.AnswerAsync("article.edit", $"article:{number}", await articles.EditAsync(request.Viewer.Tenant, number, WordsOf(request), request.Viewer.Name, request.Aborted)));

        desk.MapPost("/knowledge/{number}/actions/{action}", async (string number, string action, [FromServices] ActionRequest request, IArticles articles) =>
            await request.AnswerAsync("article.action", $"article:{number}", await articles.ActAsync(request.Viewer.Tenant, number, action, request.Field("note"), request.Viewer.Name, request.Aborted), action));

        desk.MapPost("/tickets/{number}/guidance/tests", async (string number, [FromServices] ActionRequest request, IGuidance guidance) =>
            await request.AnswerAsync("guidance.test", $"ticket:{number}", await guidance.TestAsync(
                request.Viewer.Tenant, number, request.Field("faultCode") ?? "", request.Field("found") == "true", request.Field("note"), request.Viewer.Name, request.Aborted), request.Field("faultCode")));

        desk.MapPost("/tickets/{number}/guidance/findings", async (string number, [FromServices] ActionRequest request, IGuidance guidance) =>
        {
            var seen = request.Fields().Where(f => f.Key.StartsWith(Symptom, StringComparison.Ordinal)).ToLookup(f => f.Value, f => f.Key[Symptom.Length..]);
            return await request.AnswerAsync("guidance.see", $"ticket:{number}", await guidance.SeeAsync(request.Viewer.Tenant, number, [.. seen["present"]], [.. seen["absent"]], request.Viewer.Name, request.Aborted));
        });

        desk.MapPost("/tickets/{number}/releases", async (string number, [FromServices] ActionRequest request, ISupervision supervision) =>
            await request.AnswerAsync("release.ask", $"ticket:{number}", await supervision.AskAsync(request.Viewer.Tenant, number, request.Viewer.Name, request.Aborted)));

        desk.MapPost("/tickets/{number}/releases/{novice}", async (string number, string novice, [FromServices] ActionRequest request, ISupervision supervision) =>
            await request.AnswerAsync("release.give", $"ticket:{number}", await supervision.ReleaseAsync(request.Viewer.Tenant, number, novice, request.Field("note"), request.Viewer.Name, request.Aborted), novice));
    }

    private static ArticleWords WordsOf(ActionRequest request) => new(
        request.Field("language") ?? "", request.Field("title") ?? "", request.Field("problem") ?? "", request.Text("steps").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), request.Field("resolution") ?? "");
}
