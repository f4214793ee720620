using Seamless.Rules.Versions;

namespace Seamless.Portal.Accounts;

/// <summary>People of the tenant who may change rules. Keys of programs review nothing.</summary>
internal sealed class UserReviewers(IUsers users) : IReviewers
{
    public async Task<bool> AnyButAsync(string tenant, string actor, CancellationToken ct) =>
        (await users.ListAsync(tenant, ct)).Any(user => user.Name != actor && Policies.RolesOf[Policies.Operate].Contains(user.Role));
}
