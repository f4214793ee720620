using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Telemetry;

namespace Seamless.Portal.Accounts;

/// <summary>A key as others may see it: never its secret.</summary>
public sealed record ApiKey(string Id, string Tenant, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <param name="Secret">Shown once.</param>
public sealed record IssuedApiKey(ApiKey Key, string Secret);

public interface IApiKeys
{
    Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, CancellationToken ct);

    /// <param name="secret">Null for a new random one; otherwise at least 16 characters.</param>
    Task<Outcome<IssuedApiKey>> IssueAsync(string tenant, string name, string role, string? secret, string actor, CancellationToken ct);
    Task<Outcome<ApiKey>> RevokeAsync(string tenant, string id, string actor, CancellationToken ct);
    ValueTask<ApiKey?> AuthenticateAsync(string secret, CancellationToken ct);
}

/// <summary>Keys for programs, hashed at rest. A key once seen is remembered for a while, so a busy client costs no query per call.</summary>
internal sealed class ApiKeys(IDbContextFactory<PortalDatabase> databases, IAudit audit, TimeProvider time, AccountsOptions options) : IApiKeys
{
    /// <summary>Until another process's revocation is noticed.</summary>
    private static readonly TimeSpan MemoryOfKey = TimeSpan.FromSeconds(30);
    private const int MinSecretLength = 16;
    private readonly ConcurrentDictionary<string, (ApiKey Key, DateTimeOffset Until)> _seen = new();

    public async Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var keys = await database.ApiKeys.Where(k => k.Tenant == tenant).OrderBy(k => k.Id).ToListAsync(ct);
        return [.. keys.Select(Public)];
    }

    public async Task<Outcome<IssuedApiKey>> IssueAsync(string tenant, string name, string role, string? secret, string actor, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(name)) return Refusal.Invalid("a key needs a name that says who uses it");
        if (!Roles.All.Contains(role)) return Refusal.Invalid($"'{role}' is not a role: {string.Join(", ", Roles.All)}");
        if (secret is { Length: < MinSecretLength }) return Refusal.Invalid($"an API key has at least {MinSecretLength} characters");
        secret ??= "sk_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var hash = HashOf(secret);
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.ApiKeys.FirstOrDefaultAsync(k => k.Hash == hash, ct) is { } known)
            return known.RevokedAtMs is null ? new IssuedApiKey(Public(known), secret) : Refusal.Conflict("this key was revoked; choose another");
        var key = new PortalApiKey
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("n"), Tenant = tenant, Name = name, Role = role, Hash = hash,
            CreatedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        database.ApiKeys.Add(key);
        await database.SaveChangesAsync(ct);
        await audit.RecordAsync(tenant, actor, "apikey.issue", $"apikey:{key.Id}", null, "done", $"{name} ({role})", ct);
        return new IssuedApiKey(Public(key), secret);
    }

    public async Task<Outcome<ApiKey>> RevokeAsync(string tenant, string id, string actor, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var key = await database.ApiKeys.FirstOrDefaultAsync(k => k.Tenant == tenant && k.Id == id, ct);
        if (key is null) return Refusal.NotFound($"there is no API key '{id}'");
        key.RevokedAtMs ??= time.GetUtcNow().ToUnixTimeMilliseconds();
        await database.SaveChangesAsync(ct);
        _seen.TryRemove(key.Hash, out _);
        await audit.RecordAsync(tenant, actor, "apikey.revoke", $"apikey:{id}", null, "done", key.Name, ct);
        return Public(key);
    }

    public async ValueTask<ApiKey?> AuthenticateAsync(string secret, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (options.DemoAccess && secret == "demo") return Unstored("demo");
        if (options.ControlKey is { } control && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(control))) return Unstored("shell");
        var hash = HashOf(secret);
        if (_seen.TryGetValue(hash, out var seen) && seen.Until > now) return seen.Key;
        await using var database = await databases.CreateDbContextAsync(ct);
        var found = await database.ApiKeys.FirstOrDefaultAsync(k => k.Hash == hash && k.RevokedAtMs == null, ct);
        if (found is null)
        {
            _seen.TryRemove(hash, out _);
            return null;
        }
        var key = Public(found);
        _seen[hash] = (key, now + MemoryOfKey);
        return key;
    }

    /// <summary>Whether any key is in force: the first start issues the administrator's.</summary>
    internal async Task<bool> AnyAsync(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.ApiKeys.AnyAsync(ct);
    }

    private static ApiKey Unstored(string name) => new(name, DeviceKey.DefaultTenant, name, Roles.Admin, DateTimeOffset.UnixEpoch, null);

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static ApiKey Public(PortalApiKey key) => new(
        key.Id, key.Tenant, key.Name, key.Role, DateTimeOffset.FromUnixTimeMilliseconds(key.CreatedAtMs),
        key.RevokedAtMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null);
}
