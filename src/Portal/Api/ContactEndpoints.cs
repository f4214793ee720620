using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Care.Contacts;

namespace Seamless.Portal.Api;

/// <param name="Successor">The contact who takes over.</param>
/// <param name="At">From when on; now when not given.</param>
public sealed record SuccessorRequest(string? Successor = null, DateTimeOffset? At = null);

/// <summary>People at customers', while they are there and after.</summary>
internal static class ContactEndpoints
{
    public static void MapContacts(this RouteGroupBuilder api)
    {
        var contacts = api.MapGroup("/contacts").WithTags("Customers");
        contacts.MapGet("/", ListAsync).WithName("listContacts").RequireAuthorization(Policies.Read).Produces<Page<Contact>>().WithSummary("Contacts of customers with their roles, dates, successors, and who has their messages now.");
        contacts.MapGet("/{id}", FindAsync).WithName("getContact").RequireAuthorization(Policies.Read).Produces<Contact>().WithSummary("One contact.");
        contacts.MapPut("/{id}", PutAsync).WithName("putContact").RequireAuthorization(Policies.Dispatch).Produces<Contact>().WithSummary("A contact, whole, with the recipients by which messages reach them.");
        contacts.MapPost("/{id}/hand-over", HandOverAsync).WithName("handOverContact").RequireAuthorization(Policies.Dispatch).Produces<Contact>()
            .WithSummary("They leave and somebody takes over: from then on, what is meant for them goes to the successor, also what waits.");
    }

    private static async Task<Page<Contact>> ListAsync([AsParameters] PageQuery page, string? customer, ClaimsPrincipal user, IContacts contacts, CancellationToken ct) =>
        (await contacts.ListAsync(user.Tenant(), customer, ct)).Slice(page, contact => contact.Id, contact => contact);

    private static async Task<IResult> FindAsync(string id, ClaimsPrincipal user, IContacts contacts, CancellationToken ct) =>
        await contacts.FindAsync(user.Tenant(), id, ct) is { } contact ? TypedResults.Ok(contact) : Problems.NotFound($"there is no contact '{id}'");

    private static async Task<IResult> PutAsync(string id, [FromBody] ContactOrder order, ClaimsPrincipal user, IContacts contacts, CancellationToken ct) =>
        (await contacts.PutAsync(user.Tenant(), id, order, user.Actor(), ct)).ToResult(contact => contact);

    private static async Task<IResult> HandOverAsync(string id, [FromBody] SuccessorRequest request, ClaimsPrincipal user, IContacts contacts, CancellationToken ct) => string.IsNullOrWhiteSpace(request.Successor)
        ? Problems.Invalid("'successor' is missing: the id of the contact who takes over")
        : (await contacts.HandOverAsync(user.Tenant(), id, request.Successor, request.At, user.Actor(), ct)).ToResult(contact => contact);
}
