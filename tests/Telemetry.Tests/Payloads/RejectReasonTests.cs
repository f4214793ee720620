using System.Text.Json;
using Seamless.Telemetry.Payloads;

namespace Seamless.Telemetry.Tests.Payloads;

public sealed class RejectReasonTests
{
    public static TheoryData<RejectReason> All => [.. Enum.GetValues<RejectReason>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_reason_has_its_line_in_the_reference(RejectReason reason)
    {
        var reference = File.ReadAllText(Path.Combine(Repository(), "docs", "reference", "dead-letters.md"));
        Assert.Contains($"| `{JsonNamingPolicy.CamelCase.ConvertName(reason.ToString())}` |", reference, StringComparison.Ordinal);
    }

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "IoT.sln"))) directory = directory.Parent ?? throw new DirectoryNotFoundException("IoT.sln is not above the tests");
        return directory.FullName;
    }
}
