import Ridgeline
func time(_ n: Int, _ f: () -> Void) -> Double {
    let c = ContinuousClock(); var best = 1e9
    for _ in 0..<n { let d = c.measure(f); best = min(best, Double(d.components.attoseconds)/1e15 + Double(d.components.seconds)*1e3) }
    return best
}
@main struct RidgelineTool { static func main() {
    let a: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
    print(a, a.transposed(), a.sum(axes: 0), a.mean(), matmul(a, a.transposed()))
    let x = Tensor<Float>.normal([512, 768])
    let model = FeedForward<Float>(width: 768, hiddenWidth: 3072, activation: .gelu)
    print(model.parameterNames, x)
    print(model(x).shape)
    print("fwd", time(20) { _ = model(x) })
    let dy = Tensor<Float>.normal([512, 768])
    print("fwd+bwd", time(20) { let (_, p) = valueWithPullback(of: model, at: x) { $0($1) }; _ = p(dy) })
    let s = Tensor<Float>.ones([16]), t = Tensor<Float>.ones([16])
    print("small fwd", time(100) { var y = s; for _ in 0..<1000 { y = y + t } })
    print("small rec", time(100) { _ = valueAndGradient(at: s) { var y = $0; for _ in 0..<1000 { y = y + t }; return y.sum() } })
    print(BufferPool.shared.counters)
} }
