using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Evidence;

namespace Seamless.Portal.Api;

/// <summary>Signed evidence about a repair, and the key that it is checked with.</summary>
internal static class EvidenceEndpoints
{
    public static void MapEvidence(this RouteGroupBuilder api)
    {
        api.MapGet("/tickets/{id}/evidence", ExportAsync).WithName("exportEvidence").WithTags("Tickets").RequireAuthorization(Policies.Dispatch)
            .Produces<byte[]>(contentType: "application/zip").WithSummary("All that is known of a repair as one signed ZIP archive; seamless evidence verify checks it without the platform. Audited.");
        api.MapGet("/evidence/key", (IEvidence evidence) => TypedResults.Text(evidence.PublicKeyPem, "application/x-pem-file")).WithName("getEvidenceKey").WithTags("Tickets").RequireAuthorization(Policies.Read)
            .Produces<string>(contentType: "application/x-pem-file").WithSummary("The public key that evidence is checked with, as PEM.");
    }

    private static async Task<IResult> ExportAsync(string id, ClaimsPrincipal user, IEvidence evidence, CancellationToken ct)
    {
        var bundle = await evidence.ExportAsync(user.Tenant(), id, user.Actor(), ct);
        return bundle.Succeeded ? TypedResults.File(bundle.Value.Content, "application/zip", bundle.Value.FileName) : Problems.Of(bundle.Refusal);
    }
}
