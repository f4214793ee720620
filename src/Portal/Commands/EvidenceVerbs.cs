using System.CommandLine;
using Seamless.ServiceDesk.Evidence;

namespace Seamless.Portal.Commands;

/// <summary><c>evidence</c>: a repair's signed evidence, from the platform, and whether a bundle of it is whole, without one.</summary>
internal static class EvidenceVerbs
{
    public static Command Create() => Verb.Create("evidence", "Signed evidence about a repair.", "evidence export T-1001", "evidence verify T-1001-evidence.zip --key platform.pem").With(Export(), Key(), Verify());

    private static Command Export()
    {
        var ticket = new Argument<string>("TICKET") { Description = "Number of the ticket." };
        var output = new Option<FileInfo?>("--out") { Description = "ZIP file to write (default TICKET-evidence.zip).", HelpName = "FILE" };
        return Verb.Create("export", "All that is known of a repair as one signed archive.", "evidence export T-1001 --out dispute.zip")
            .With(ticket, output)
            .Run((parsed, settings, ct) =>
            {
                var number = parsed.GetRequiredValue(ticket);
                var file = parsed.GetValue(output) ?? new FileInfo($"{number}-evidence.zip");
                return SaveAsync(settings, $"api/v1/tickets/{Uri.EscapeDataString(number)}/evidence", file, ct);
            });
    }

    private static Command Key()
    {
        var output = new Argument<FileInfo>("FILE") { Description = "PEM file to write." };
        return Verb.Create("key", "The platform's public key: give it to whoever shall be able to check evidence.", "evidence key platform.pem")
            .With(output)
            .Run((parsed, settings, ct) => SaveAsync(settings, "api/v1/evidence/key", parsed.GetRequiredValue(output), ct));
    }

    private static Command Verify()
    {
        var bundle = new Argument<FileInfo>("FILE") { Description = "An archive that evidence export wrote." };
        var key = new Option<FileInfo?>("--key") { Description = "The platform's public key (PEM), known from elsewhere. Without it the one in the archive is used.", HelpName = "FILE" };
        var verb = Verb.Create("verify", "Whether an archive is what the platform signed. Needs no platform. Exit code 1 when it is not.", "evidence verify T-1001-evidence.zip --key platform.pem").With(bundle, key, Verb.Json);
        verb.SetAction(async (parsed, ct) =>
        {
            var (file, keyFile) = (parsed.GetRequiredValue(bundle), parsed.GetValue(key));
            foreach (var needed in (FileInfo?[])[file, keyFile])
                if (needed is { Exists: false }) return Terminal.Misused($"{needed.FullName}: there is no such file");
            byte[]? trusted = null;
            if (keyFile is not null && (trusted = EvidenceCheck.ReadPublicKey(await File.ReadAllTextAsync(keyFile.FullName, ct))) is null)
                return Terminal.Misused($"{keyFile.FullName} is no public key on P-256 in PEM; seamless evidence key writes one");
            await using var stream = file.OpenRead();
            return Print(EvidenceCheck.Verify(stream, trusted), parsed.GetValue(Verb.Json));
        });
        return verb;
    }

    private static int Print(EvidenceFinding finding, bool json)
    {
        if (json) Terminal.PrintJson(finding);
        else if (!finding.Whole) Console.Error.WriteLine("not whole:\n- " + string.Join("\n- ", finding.Problems));
        else
        {
            var manifest = finding.Manifest!;
            Console.WriteLine($"whole: {manifest.Ticket}, {manifest.Files.Count} files, exported {manifest.ExportedAt:u} by {manifest.ExportedBy}, signed by key {finding.KeyId}");
            Console.WriteLine($"event log then: --number {manifest.LogHead.Number} --hash {manifest.LogHead.Hash}");
            if (!finding.KeyWasGiven) Console.WriteLine("checked with the key in the archive: compare its id with the platform's, or give the key with --key");
        }
        return finding.Whole ? Terminal.Success : Terminal.Failure;
    }

    private static async Task<int> SaveAsync(Settings.PlatformSettings settings, string path, FileInfo file, CancellationToken ct)
    {
        var reached = await PlatformClient.ReachAsync(settings, ct);
        if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
        await using var platform = reached.Value;
        using var response = await platform.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode) return Terminal.Refuse(await PlatformClient.ProblemAsync(response, ct));
        await using (var target = File.Create(file.FullName)) await response.Content.CopyToAsync(target, ct);
        Console.WriteLine(file.FullName);
        return Terminal.Success;
    }
}
