using System.ComponentModel.DataAnnotations;

namespace Seamless.Storage.DeadLetters;

public sealed class DeadLetterOptions
{
    /// <summary>Payload bytes kept in all. Beyond it the oldest letters go, counted and logged.</summary>
    [Range(64 * 1024, long.MaxValue)]
    public long MaxBytes { get; set; } = 256L * 1024 * 1024;
}
