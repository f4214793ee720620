using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Seamless.Learning.Models;

namespace Seamless.Learning.Onnx;

/// <summary>An imported graph, ready to be asked one row at a time: <c>X</c> in, named doubles or floats out. Its signature was checked before.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly bool _singles;
    private readonly int _columns;

    /// <exception cref="InvalidDataException">It is no model that can be used, and why.</exception>
    public OnnxSession(byte[] model, string kind, IReadOnlyList<string> features)
    {
        _columns = features.Count;
        _session = Open(model);
        try
        {
            _singles = InputOf(features.Count);
            var wanted = kind is ModelFolder.Rul ? OnnxExport.Cycles : OnnxExport.Failure;
            if (!_session.OutputMetadata.ContainsKey(wanted)) throw new InvalidDataException($"its outputs are {string.Join(", ", _session.OutputNames)}; a {kind} model needs the output '{wanted}'");
            Outputs = [wanted, .. _session.OutputNames.Where(name => kind is ModelFolder.Failure && name != wanted && name.StartsWith(OnnxExport.ModePrefix, StringComparison.Ordinal))];
            foreach (var output in Outputs)
                if (_session.OutputMetadata[output] is not { IsTensor: true } tensor || (tensor.ElementType != typeof(float) && tensor.ElementType != typeof(double)))
                    throw new InvalidDataException($"its output '{output}' is no tensor of float or double");
            Run(new double[_columns]);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>The failure's probability or the cycles first, then the modes.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>In the order of <see cref="Outputs"/>.</summary>
    public double[] Run(double[] row)
    {
        NamedOnnxValue input = _singles
            ? NamedOnnxValue.CreateFromTensor(OnnxExport.Input, new DenseTensor<float>(Array.ConvertAll(row, value => (float)value), [1, _columns]))
            : NamedOnnxValue.CreateFromTensor(OnnxExport.Input, new DenseTensor<double>(row, [1, _columns]));
        try
        {
            using var results = _session.Run([input], [.. Outputs]);
            return [.. results.Select(ValueOf)];
        }
        catch (OnnxRuntimeException broken)
        {
            throw new InvalidDataException($"it cannot be asked one row of {_columns} numbers: {broken.Message}", broken);
        }
    }

    private static InferenceSession Open(byte[] model)
    {
        try
        {
            // One thread: scoring shares the cores with receiving, and one row is little work.
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException broken)
        {
            throw new InvalidDataException($"it is no ONNX model that can be run, or is cut short: {broken.Message}", broken);
        }
    }

    /// <returns>Whether it takes floats.</returns>
    private bool InputOf(int columns)
    {
        if (_session.InputMetadata.Count != 1 || !_session.InputMetadata.TryGetValue(OnnxExport.Input, out var input))
            throw new InvalidDataException($"its inputs are {string.Join(", ", _session.InputMetadata.Keys)}; one input '{OnnxExport.Input}' is expected, with the features of the card as columns");
        if (!input.IsTensor || (input.ElementType != typeof(float) && input.ElementType != typeof(double))) throw new InvalidDataException($"its input '{OnnxExport.Input}' is no tensor of float or double");
        if (input.Dimensions is not [-1 or 1, var width] || (width != columns && width != -1))
            throw new InvalidDataException($"its input '{OnnxExport.Input}' has the shape [{string.Join(", ", input.Dimensions)}]; [rows, {columns}] is expected, as the card names {columns} features");
        return input.ElementType == typeof(float);
    }

    private static double ValueOf(DisposableNamedOnnxValue result)
    {
        var values = result.Value is Tensor<float> singles ? [.. singles.Select(value => (double)value)] : result.AsTensor<double>().ToArray();
        return values is [var one] ? one : throw new InvalidDataException($"its output '{result.Name}' has {values.Length} numbers for one row; one is expected");
    }

    public void Dispose() => _session.Dispose();
}
