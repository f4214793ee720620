using Seamless.Telemetry;

namespace Seamless.Portal.Accounts;

/// <summary>What an installation needs before anyone can come in.</summary>
internal sealed class FirstStart(ApiKeys keys, Users users, AccountsOptions options)
{
    /// <returns>The administrator's new API key, to be shown once; null when there is one already or it was given.</returns>
    public async Task<string?> PrepareAsync(string? givenKey, CancellationToken ct)
    {
        if (options.DemoAccess)
        {
            await users.SeedDemoAsync(ct);
            return null;
        }
        if (givenKey is not null)
        {
            Issued(await keys.IssueAsync(DeviceKey.DefaultTenant, "admin", Roles.Admin, givenKey, "configuration", ct));
            return null;
        }
        if (await keys.AnyAsync(ct)) return null;
        return Issued(await keys.IssueAsync(DeviceKey.DefaultTenant, "admin", Roles.Admin, null, "first start", ct));
    }

    private static string Issued(Outcome<IssuedApiKey> outcome) =>
        outcome.Succeeded ? outcome.Value.Secret : throw new InvalidOperationException($"admin.apiKey: {outcome.Refusal.Reason}");
}
