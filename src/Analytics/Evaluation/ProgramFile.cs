using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Seamless.Analytics.Evaluation;

/// <summary>The rules of an equipment type as the platform compiles them for the device: no texts, no YAML, signed.</summary>
/// <param name="Type">The equipment type.</param>
/// <param name="Version">The rule set it was compiled from.</param>
public sealed record ProgramFile(string Type, string Version, ImmutableArray<MetricSpec> Metrics, ImmutableArray<Signal> Signals, ImmutableArray<RuleSpec> Rules)
{
    private static readonly HashAlgorithmName Hash = HashAlgorithmName.SHA256;

    /// <summary>The program, interpreted: no code is generated on a device.</summary>
    public RuleProgram Program() => new(Metrics, Signals, Rules);

    /// <summary>UTF-8 JSON: the program and an ECDSA signature (P-256 with SHA-256, IEEE P1363) over its bytes.</summary>
    public byte[] Sign(ECDsa key)
    {
        var program = JsonSerializer.SerializeToUtf8Bytes(this, ProgramJson.Default.ProgramFile);
        return JsonSerializer.SerializeToUtf8Bytes(new SignedProgram(program, key.SignData(program, Hash)), ProgramJson.Default.SignedProgram);
    }

    /// <exception cref="InvalidDataException">It is no such file, or somebody else made or changed it.</exception>
    public static ProgramFile Read(ReadOnlySpan<byte> bytes, ECDsa key)
    {
        try
        {
            var signed = JsonSerializer.Deserialize(bytes, ProgramJson.Default.SignedProgram) ?? throw new InvalidDataException("the file holds nothing");
            if (!key.VerifyData(signed.Program, signed.Signature, Hash)) throw new InvalidDataException("the signature is not of this key: the rules were made or changed by somebody else");
            return JsonSerializer.Deserialize(signed.Program, ProgramJson.Default.ProgramFile) ?? throw new InvalidDataException("the file holds no rules");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"this is no file of compiled rules: {e.Message}", e);
        }
    }
}

internal sealed record SignedProgram(byte[] Program, byte[] Signature);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ProgramFile))]
[JsonSerializable(typeof(SignedProgram))]
internal sealed partial class ProgramJson : JsonSerializerContext;
