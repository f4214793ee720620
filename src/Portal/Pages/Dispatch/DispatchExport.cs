using System.Globalization;
using System.Text;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Dispatch;

namespace Seamless.Portal.Pages.Dispatch;

/// <summary>A day's board as a table for a spreadsheet.</summary>
internal static class DispatchExport
{
    public static void MapDispatchExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/dispatch.csv", async (string? day, IDispatch dispatch, Viewer viewer, CancellationToken ct) =>
        {
            var (_, from, to) = DayOf(viewer, day);
            return Results.Text('\uFEFF' + Csv(await dispatch.BoardAsync(viewer.Tenant, from, to, ct), viewer), "text/csv", Encoding.UTF8);
        }).RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(','))).ExcludeFromDescription();

    /// <summary>A day of the viewer's; today when none is named.</summary>
    public static (DateTime Day, DateTimeOffset From, DateTimeOffset To) DayOf(Viewer viewer, string? text)
    {
        var day = DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : viewer.Local(viewer.Now).Date;
        return (day, At(day), At(day.AddDays(1)));

        DateTimeOffset At(DateTime local) => new(local, viewer.Zone.GetUtcOffset(local));
    }

    internal static string Csv(DispatchBoard board, Viewer viewer)
    {
        var text = new StringBuilder("technician,partner,ticket,site,priority,status,start,end,travelMinutes,pinned,late,reason\r\n");
        foreach (var row in board.Rows)
            foreach (var v in row.Visits)
                text.Append(CultureInfo.InvariantCulture, $"{Cell(row.Technician.Id)},{Cell(row.Technician.Profile.Partner)},{v.Ticket},{Cell(v.Site)},{v.Priority},{v.Status},{v.Start.UtcDateTime:O},{v.End.UtcDateTime:O},{v.TravelMinutes},{v.Pinned},{v.Late},\r\n");
        foreach (var w in board.Waiting) text.Append(CultureInfo.InvariantCulture, $",,{w.Ticket},{Cell(w.Site)},{w.Priority},,,,,,,{Cell(viewer.In(w.Reason))}\r\n");
        return text.ToString();
    }

    /// <summary>Quoted where it must be; a spreadsheet takes nothing of it for a formula.</summary>
    private static string Cell(string? text)
    {
        if (text is not { Length: > 0 }) return "";
        if (text[0] is '=' or '+' or '-' or '@') text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
