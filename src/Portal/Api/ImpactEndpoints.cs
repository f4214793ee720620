using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Impacts;

namespace Seamless.Portal.Api;

/// <param name="Expected">The version you have seen: refused when another is in force. Not given: in any case.</param>
public sealed record BusinessServicesRequest(IReadOnlyList<BusinessService> Services, int? Expected = null);

public sealed record DeviceFailureView(string Ticket, string Title, string? Cause, DateTimeOffset Onset, DateTimeOffset? Repaired);

public sealed record FailedDeviceView(string Device, double DownHours, IReadOnlyList<DeviceFailureView> Failures, IReadOnlyList<string> Services);

public sealed record AdviceView(AdviceKind Kind, string Device, string? Cause, IReadOnlyList<string> Tickets, IReadOnlyList<string> Services, double DownHours, string Text);

/// <param name="Services">Version of the business services that it rests on.</param>
public sealed record CustomerAdviceView(
    string Customer, DateTimeOffset From, DateTimeOffset To, double DownHours, IReadOnlyList<FailedDeviceView> Failed, IReadOnlyList<TouchedService> Touched, IReadOnlyList<AdviceView> Advice, int Services)
{
    public static CustomerAdviceView Of(CustomerAdvice a, Func<LocalizedText, string> text) => new(
        a.Customer, a.From, a.To, a.DownHours,
        [.. a.Failed.Select(f => new FailedDeviceView(f.Device, f.DownHours, [.. f.Failures.Select(x => new DeviceFailureView(x.Ticket, text(x.Title), x.Cause, x.Onset, x.Repaired))], f.Services))], a.Touched,
        [.. a.Advice.Select(x => new AdviceView(x.Kind, x.Device, x.Cause, x.Tickets, x.Services, x.DownHours, text(x.Text)))], a.Services);
}

/// <summary>What a customer's business depends on, and what to do about it.</summary>
internal static class ImpactEndpoints
{
    public static void MapImpacts(this RouteGroupBuilder api)
    {
        var services = api.MapGroup("/business-services").WithTags("Impact");
        services.MapGet("/", ServicesAsync).WithName("getBusinessServices").RequireAuthorization(Policies.Read).Produces<Versioned<BusinessServices>>().WithSummary("The business services in force: whose they are, and on which devices and services they depend.");
        services.MapPut("/", PutAsync).WithName("putBusinessServices").RequireAuthorization(Policies.Operate).Produces<Versioned<BusinessServices>>().WithSummary("A new version of them, whole. Services may depend on each other.");
        api.MapGet("/devices/{device}/impact", ImpactAsync).WithName("getDeviceImpact").WithTags("Impact").RequireAuthorization(Policies.Read).Produces<DeviceImpact>()
            .WithSummary("Every business service that depends on the device, directly or not, the nearest first, with the path that explains it.");
        api.MapGet("/customers/{customer}/advice", AdviceAsync).WithName("getCustomerAdvice").WithTags("Impact").RequireAuthorization(Policies.Read).Produces<CustomerAdviceView>()
            .WithSummary("A customer's calendar month (month=2026-03, UTC; this one when not given): what failed, the downtime, the services that it touched, and what to do.");
    }

    private static Task<Versioned<BusinessServices>> ServicesAsync(ClaimsPrincipal user, IImpacts impacts, CancellationToken ct) => impacts.ServicesAsync(user.Tenant(), ct);

    private static async Task<IResult> PutAsync([FromBody] BusinessServicesRequest services, ClaimsPrincipal user, IImpacts impacts, CancellationToken ct) =>
        (await impacts.PutServicesAsync(user.Tenant(), new BusinessServices(services.Services), services.Expected, user.Actor(), ct)).ToResult(put => put);

    private static async Task<IResult> ImpactAsync(string device, ClaimsPrincipal user, IImpacts impacts, CancellationToken ct) =>
        (await impacts.OfDeviceAsync(user.Tenant(), device, ct)).ToResult(impact => impact);

    private static async Task<IResult> AdviceAsync(string customer, string? month, ClaimsPrincipal user, HttpContext http, IImpacts impacts, TimeProvider clock, CancellationToken ct) =>
        Months.Read(month, clock, out var of) is { } unreadable ? unreadable
            : (await impacts.AdviseAsync(user.Tenant(), customer, of, ct)).ToResult(advice => CustomerAdviceView.Of(advice, http.Texts()));
}
