using System.Globalization;
using System.Text;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Evaluation;

namespace Seamless.Portal.Pages.Evaluation;

/// <summary>The figures of rules and models as a table for a spreadsheet.</summary>
internal static class EvaluationExport
{
    public static void MapEvaluationExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/evaluation.csv", async (int? days, IEvaluation evaluation, Viewer viewer, CancellationToken ct) =>
        {
            var report = await evaluation.MeasureAsync(viewer.Tenant, viewer.Now.AddDays(-Math.Clamp(days ?? EvaluationPage.UsualDays, 1, 3660)), viewer.Now, ct);
            // The mark tells spreadsheets that this is UTF-8.
            return Results.Text('\uFEFF' + Csv(report), "text/csv", Encoding.UTF8);
        }).RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(','))).ExcludeFromDescription();

    internal static string Csv(EvaluationReport report)
    {
        var text = new StringBuilder("type,rule,kind,model,modelVersion,alarms,confirmed,false,known,precision,precisionLow,precisionHigh\r\n");
        foreach (var f in report.Rules.Concat(report.Models))
            text.Append(CultureInfo.InvariantCulture, $"{Cell(f.Type)},{Cell(f.Rule)},{f.Kind},{Cell(f.Model)},{Cell(f.ModelVersion)},{f.Alarms},{f.Confirmed},{f.False},{f.Known},{f.Precision?.Share},{f.Precision?.Low},{f.Precision?.High}\r\n");
        return text.ToString();
    }

    /// <summary>Quoted where it must be, and never a formula.</summary>
    private static string Cell(string? text)
    {
        if (text is { Length: > 0 } && "=+-@".Contains(text[0], StringComparison.Ordinal)) text = '\'' + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text ?? "" : $"\"{text!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
