using System.Globalization;
using System.Security.Claims;
using System.Text;
using Seamless.Portal.Accounts;
using Seamless.Portal.Pages.Customers;
using Seamless.ServiceDesk.Reliability;

namespace Seamless.Portal.Api;

/// <summary>Confirmed failures, for engineering.</summary>
internal static class ReliabilityEndpoints
{
    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromDays(365);

    public static void MapReliability(this RouteGroupBuilder api)
    {
        var reliability = api.MapGroup("/reliability").WithTags("Service").RequireAuthorization(Policies.Read);
        reliability.MapGet("/pareto", ParetoAsync).WithName("getFailurePareto").Produces<ReliabilityReport>()
            .WithSummary("Confirmed failures by mode, mechanism, cause, fault, type, firmware or batch: rate per 1,000 device-months with its exact interval, and which groups of machines fail more than chance explains; 'enough' is false where too little operating time makes the rate meaningless. format=csv for a table.");
        reliability.MapGet("/failures", FailuresAsync).WithName("listFieldFailures").Produces<Page<FieldFailure>>()
            .WithSummary("Each confirmed failure with mode, mechanism, cause, hours in service, firmware and batch. format=csv for a table of all.");
    }

    private static async Task<IResult> ParetoAsync(string? by, string? type, Instant? from, Instant? to, string? format, ClaimsPrincipal user, IReliability reliability, TimeProvider time, CancellationToken ct)
    {
        var way = by ?? "mode";
        if (!FailurePareto.Ways.Contains(way)) return Problems.Invalid($"by is '{by}'; it must be one of {string.Join(", ", FailurePareto.Ways)}");
        if (!TryRead(from, to, type, format, user, time, out var query, out var problem)) return problem;
        var report = await reliability.ParetoAsync(query, way, ct);
        return format is "csv" ? Table(Csv(report), "pareto.csv") : TypedResults.Ok(report);
    }

    private static async Task<IResult> FailuresAsync(
        [AsParameters] PageQuery page, string? type, Instant? from, Instant? to, string? format, ClaimsPrincipal user, IReliability reliability, TimeProvider time, CancellationToken ct)
    {
        if (!TryRead(from, to, type, format, user, time, out var query, out var problem)) return problem;
        var failures = await reliability.FailuresAsync(query, ct);
        return format is "csv" ? Table(Csv(failures), "failures.csv") : TypedResults.Ok(failures.SliceInOrder(page, failure => failure.Ticket, failure => failure));
    }

    private static bool TryRead(Instant? from, Instant? to, string? type, string? format, ClaimsPrincipal user, TimeProvider time, out ReliabilityQuery query, out IResult problem)
    {
        var end = to?.At ?? time.GetUtcNow();
        query = new ReliabilityQuery(user.Tenant(), from?.At ?? end - DefaultPeriod, end, type);
        problem = format is not (null or "json" or "csv") ? Problems.Invalid($"format is '{format}'; it must be json or csv") : Problems.Invalid("'from' must be before 'to'");
        return format is null or "json" or "csv" && query.From < query.To;
    }

    // The mark tells spreadsheets that this is UTF-8.
    private static IResult Table(string text, string name) => TypedResults.File(Encoding.UTF8.GetBytes('\uFEFF' + text), "text/csv", name);

    private static string Csv(ReliabilityReport report)
    {
        var text = new StringBuilder("group,failures,share,deviceMonths,ratePer1000,low,high,medianHours,expected,pValue,significant,enough\r\n");
        foreach (var l in report.Lines)
            text.Append(CultureInfo.InvariantCulture, $"{CustomersExport.Cell(l.Group)},{l.Failures},{l.Share},{l.DeviceMonths},{l.RatePer1000},{l.Low},{l.High},{l.MedianHours},{l.Expected},{l.PValue},{l.Significant},{l.Enough}\r\n");
        return text.ToString();
    }

    private static string Csv(IEnumerable<FieldFailure> failures)
    {
        var text = new StringBuilder("ticket,at,device,type,serial,site,mode,mechanism,cause,faultCode,hours,firmware,batch\r\n");
        foreach (var f in failures)
            text.Append(CultureInfo.InvariantCulture,
                $"{f.Ticket},{f.At:O},{CustomersExport.Cell(f.Device)},{f.Type},{CustomersExport.Cell(f.Serial)},{CustomersExport.Cell(f.Site)},{CustomersExport.Cell(f.Mode)},{CustomersExport.Cell(f.Mechanism)},{CustomersExport.Cell(f.Cause)},{f.FaultCode},{f.Hours},{CustomersExport.Cell(f.Firmware)},{CustomersExport.Cell(f.Batch)}\r\n");
        return text.ToString();
    }
}
