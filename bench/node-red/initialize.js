context.set("batch", []);
setInterval(() => {
    const batch = context.get("batch");
    if (batch.length === 0) return;
    context.set("batch", []);
    node.send({ payload: batch });
}, 200);
