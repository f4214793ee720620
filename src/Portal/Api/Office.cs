using System.Security.Claims;
using Seamless.Fleet.Audit;
using Seamless.Portal.Accounts;

namespace Seamless.Portal.Api;

public sealed record AuditView(long Id, DateTimeOffset At, string Actor, string Action, string Subject, string? From, string Result, string? Detail);

public sealed record NewApiKey(string Name, string Role);

public sealed record NewUser(string Name, string Password, string Role);

public sealed record UserView(string Name, string Role, DateTimeOffset CreatedAt);

public sealed record ApiKeyView(string Id, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <param name="Secret">Shown once.</param>
public sealed record IssuedKeyView(string Id, string Name, string Role, string Secret);

/// <summary>The audit, and who may come in.</summary>
internal static class Office
{
    public static void MapOffice(this RouteGroupBuilder api)
    {
        api.MapGet("/audit", AuditAsync).WithName("listAudit").WithTags("Administration").RequireAuthorization(Policies.Admin).WithMetadata(new NumericCursor()).WithSummary("Who did what, when, from where; newest first.");
        api.MapGet("/keys", KeysAsync).WithName("listApiKeys").WithTags("Administration").RequireAuthorization(Policies.Admin).WithSummary("API keys, without their secrets.");
        api.MapPost("/keys", IssueKeyAsync).WithName("issueApiKey").WithTags("Administration").RequireAuthorization(Policies.Admin).Produces<IssuedKeyView>().WithSummary("A new API key, shown once.");
        api.MapDelete("/keys/{id}", RevokeKeyAsync).WithName("revokeApiKey").WithTags("Administration").RequireAuthorization(Policies.Admin).Produces<ApiKeyView>().WithSummary("The key stops working.");
        api.MapGet("/users", UsersAsync).WithName("listUsers").WithTags("Administration").RequireAuthorization(Policies.Admin).WithSummary("People who may log in.");
        api.MapPost("/users", AddUserAsync).WithName("addUser").WithTags("Administration").RequireAuthorization(Policies.Admin).Produces<UserView>().WithSummary("A new user of the portal.");
        api.MapDelete("/users/{name}", RemoveUserAsync).WithName("removeUser").WithTags("Administration").RequireAuthorization(Policies.Admin).Produces<UserView>().WithSummary("The user can no longer log in.");
    }

    private static async Task<Page<AuditView>> AuditAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IAudit audit, CancellationToken ct) =>
        (await audit.ListAsync(user.Tenant(), page.Before, page.Fetch, ct)).ToPage(
            page, entry => entry.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            entry => new AuditView(entry.Id, entry.At, entry.Actor, entry.Action, entry.Subject, entry.From, entry.Result, entry.Detail));

    private static async Task<Page<ApiKeyView>> KeysAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IApiKeys keys, CancellationToken ct) =>
        (await keys.ListAsync(user.Tenant(), ct)).Slice(page, key => key.Id, View);

    private static async Task<IResult> IssueKeyAsync(NewApiKey key, ClaimsPrincipal user, IApiKeys keys, CancellationToken ct) =>
        (await keys.IssueAsync(user.Tenant(), key.Name, key.Role, null, user.Actor(), ct))
            .ToResult(issued => new IssuedKeyView(issued.Key.Id, issued.Key.Name, issued.Key.Role, issued.Secret));

    private static async Task<IResult> RevokeKeyAsync(string id, ClaimsPrincipal user, IApiKeys keys, CancellationToken ct) =>
        (await keys.RevokeAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(View);

    private static async Task<Page<UserView>> UsersAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IUsers users, CancellationToken ct) =>
        (await users.ListAsync(user.Tenant(), ct)).Slice(page, account => account.Name, View);

    private static async Task<IResult> AddUserAsync(NewUser account, ClaimsPrincipal user, IUsers users, CancellationToken ct) =>
        (await users.AddAsync(user.Tenant(), account.Name, account.Password, account.Role, user.Actor(), ct)).ToResult(View);

    private static async Task<IResult> RemoveUserAsync(string name, ClaimsPrincipal user, IUsers users, CancellationToken ct) =>
        (await users.RemoveAsync(user.Tenant(), name, user.Actor(), ct)).ToResult(View);

    private static UserView View(UserAccount user) => new(user.Name, user.Role, user.CreatedAt);
    private static ApiKeyView View(ApiKey key) => new(key.Id, key.Name, key.Role, key.CreatedAt, key.RevokedAt);
}
