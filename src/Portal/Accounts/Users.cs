using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Telemetry;

namespace Seamless.Portal.Accounts;

/// <summary>A user as others may see it.</summary>
public sealed record UserAccount(string Tenant, string Name, string Role, DateTimeOffset CreatedAt);

public interface IUsers
{
    Task<bool> AnyAsync(CancellationToken ct);
    Task<IReadOnlyList<UserAccount>> ListAsync(string tenant, CancellationToken ct);

    /// <summary>The user of that name and password, or null. Takes as long for an unknown name as for a wrong password.</summary>
    Task<UserAccount?> AuthenticateAsync(string name, string password, CancellationToken ct);
    Task<Outcome<UserAccount>> AddAsync(string tenant, string name, string password, string role, string actor, CancellationToken ct);
    Task<Outcome<UserAccount>> RemoveAsync(string tenant, string name, string actor, CancellationToken ct);
    Task<Outcome<UserAccount>> SetPasswordAsync(string tenant, string name, string password, string actor, CancellationToken ct);
}

/// <summary>People who may log in; passwords as PBKDF2 (HMAC-SHA512, 100,000 rounds, salted).</summary>
internal sealed class Users(IDbContextFactory<PortalDatabase> databases, IAudit audit, TimeProvider time, AccountsOptions options) : IUsers
{
    private const int MinPasswordLength = 10;
    private static readonly PasswordHasher<string> Hasher = new();
    private static readonly string HashOfNobody = Hasher.HashPassword("nobody", "no one has this password");

    public async Task<bool> AnyAsync(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Users.AnyAsync(u => options.DemoAccess || !u.IsDemo, ct);
    }

    public async Task<IReadOnlyList<UserAccount>> ListAsync(string tenant, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var users = await database.Users.Where(u => u.Tenant == tenant).OrderBy(u => u.Name).ToListAsync(ct);
        return [.. users.Select(Account)];
    }

    public async Task<UserAccount?> AuthenticateAsync(string name, string password, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var user = await database.Users.FirstOrDefaultAsync(u => u.Name == name, ct);
        var verdict = Hasher.VerifyHashedPassword(name, user?.PasswordHash ?? HashOfNobody, password);
        return user is null || verdict is PasswordVerificationResult.Failed || (user.IsDemo && !options.DemoAccess) ? null : Account(user);
    }

    public async Task<Outcome<UserAccount>> AddAsync(string tenant, string name, string password, string role, string actor, CancellationToken ct)
    {
        if (!DeviceKey.IsValidName(name)) return Refusal.Invalid($"'{name}' cannot be a user name: 1 to 128 of A-Z a-z 0-9 _ . : -");
        if (!Roles.All.Contains(role) || Roles.OfPrograms.Contains(role)) return Refusal.Invalid($"'{role}' is not a role of a person: {string.Join(", ", Roles.All.Except(Roles.OfPrograms))}");
        if (password.Length < MinPasswordLength) return Refusal.Invalid($"a password has at least {MinPasswordLength} characters");
        return await InsertAsync(tenant, name, password, role, isDemo: false, actor, ct);
    }

    public async Task<Outcome<UserAccount>> RemoveAsync(string tenant, string name, string actor, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var user = await database.Users.FirstOrDefaultAsync(u => u.Tenant == tenant && u.Name == name, ct);
        if (user is null) return Refusal.NotFound($"there is no user '{name}'");
        if (user.Role == Roles.Admin && await database.Users.CountAsync(u => u.Tenant == tenant && u.Role == Roles.Admin, ct) == 1)
            return Refusal.Conflict($"'{name}' is the only administrator; make another one first");
        database.Users.Remove(user);
        await database.SaveChangesAsync(ct);
        await audit.RecordAsync(tenant, actor, "user.remove", $"user:{name}", null, "done", null, ct);
        return Account(user);
    }

    public async Task<Outcome<UserAccount>> SetPasswordAsync(string tenant, string name, string password, string actor, CancellationToken ct)
    {
        if (password.Length < MinPasswordLength) return Refusal.Invalid($"a password has at least {MinPasswordLength} characters");
        await using var database = await databases.CreateDbContextAsync(ct);
        var user = await database.Users.FirstOrDefaultAsync(u => u.Tenant == tenant && u.Name == name, ct);
        if (user is null) return Refusal.NotFound($"there is no user '{name}'");
        user.PasswordHash = Hasher.HashPassword(name, password);
        await database.SaveChangesAsync(ct);
        await audit.RecordAsync(tenant, actor, "user.password", $"user:{name}", null, "done", null, ct);
        return Account(user);
    }

    /// <summary>The demo's users, each named after the role it has; their password is published.</summary>
    public static readonly IReadOnlyList<string> DemoUsers = [Roles.Viewer, Roles.Engineer, Roles.Dispatcher, Roles.Admin];
    public const string DemoPassword = "demo";

    public async Task SeedDemoAsync(CancellationToken ct)
    {
        foreach (var role in DemoUsers) await InsertAsync(DeviceKey.DefaultTenant, role, DemoPassword, role, isDemo: true, "demo", ct);
    }

    private async Task<Outcome<UserAccount>> InsertAsync(string tenant, string name, string password, string role, bool isDemo, string actor, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.Users.AnyAsync(u => u.Name == name, ct)) return Refusal.Conflict($"there is a user '{name}' already");
        var user = new PortalUser
        {
            Tenant = tenant, Name = name, Role = role, IsDemo = isDemo,
            PasswordHash = Hasher.HashPassword(name, password), CreatedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        database.Users.Add(user);
        await database.SaveChangesAsync(ct);
        await audit.RecordAsync(tenant, actor, "user.add", $"user:{name}", null, "done", role, ct);
        return Account(user);
    }

    private static UserAccount Account(PortalUser user) =>
        new(user.Tenant, user.Name, user.Role, DateTimeOffset.FromUnixTimeMilliseconds(user.CreatedAtMs));
}
