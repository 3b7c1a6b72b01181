/*
 * Small scenes of the classes of CIFAR-10, drawn by hand as SVG and varied by draws in [0, 1): what a classifier of
 * photographs takes for what they are meant to be. They are ours, so that they can be shipped.
 */

/** Scenes by class, each a function of draws. */
export const SCENES = { airplane, automobile, ship, truck, bird, horse, frog, deer };

const mix = (a, b, t) => a + (b - a) * t;
const colour = (hue, saturation, light) => `hsl(${Math.round(hue)} ${Math.round(saturation)}% ${Math.round(light)}%)`;

function svg(defs, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="320" viewBox="0 0 320 320"><defs>${defs}</defs>${body}</svg>`;
}

function gradient(id, top, bottom) {
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>`;
}

function backdrop(sky, ground, horizon) {
  return [
    gradient('s', sky[0], sky[1]) + gradient('g', ground[0], ground[1]),
    `<rect width="320" height="320" fill="url(#s)"/><rect y="${horizon}" width="320" height="${320 - horizon}" fill="url(#g)"/>`,
  ];
}

function airplane(draw) {
  const hue = mix(200, 220, draw());
  const [size, tilt] = [mix(0.85, 1.15, draw()), mix(-14, 6, draw())];
  const hull = colour(hue, mix(0, 15, draw()), mix(80, 96, draw()));
  const shade = colour(hue, 12, mix(45, 65, draw()));
  const stripe = colour(mix(0, 360, draw()), 70, 45);
  return svg(
    gradient('s', colour(hue, mix(45, 70, draw()), mix(50, 70, draw())), colour(hue, 45, mix(75, 90, draw()))),
    `<rect width="320" height="320" fill="url(#s)"/>
    <g transform="translate(160 ${mix(145, 175, draw())}) rotate(${tilt}) scale(${size})">
      <path d="M-20 4L60 -8L30 -64L8 -62L14 -6Z" fill="${shade}"/>
      <path d="M118 -4L140 -58L122 -58L90 -8Z" fill="${stripe}"/>
      <path d="M-140 6C-128 -16 -90 -22 -40 -22L100 -18C128 -14 140 -8 142 -2C120 14 60 22 -30 22C-90 24 -134 20 -140 6Z" fill="${hull}"/>
      <path d="M-140 6C-100 14 40 14 142 -2C120 14 60 22 -30 22C-90 24 -134 20 -140 6Z" fill="${shade}" opacity="0.6"/>
      <path d="M-128 -2L-104 -14L-96 -4Z" fill="#26303a"/>
      <path d="M-30 10L60 4L18 74L-10 74Z" fill="${shade}"/>
      <ellipse cx="6" cy="34" rx="22" ry="8" fill="${hull}"/>
      <path d="M90 0L136 -4L120 22L104 22Z" fill="${shade}"/>
    </g>`,
  );
}

function automobile(draw) {
  const hue = [0, 8, 215, 45, 355, 205][Math.floor(draw() * 6)];
  const body = colour(hue, mix(60, 90, draw()), mix(38, 52, draw()));
  const dark = colour(hue, 60, 24);
  const light = colour(hue, 80, 66);
  const [defs, back] = backdrop(
    [colour(205, 30, mix(70, 88, draw())), colour(100, mix(5, 25, draw()), mix(55, 75, draw()))],
    [colour(220, 5, mix(45, 60, draw())), colour(220, 5, mix(55, 75, draw()))],
    mix(150, 200, draw()),
  );
  const wheel = (x) =>
    `<circle cx="${x}" cy="222" r="32" fill="#15171a"/><circle cx="${x}" cy="222" r="18" fill="#b8bec6"/><circle cx="${x}" cy="222" r="6" fill="#5a6068"/>`;
  return svg(
    defs,
    `${back}<g transform="translate(160 170) scale(${mix(0.92, 1.06, draw())}) translate(-160 -170)">
      <ellipse cx="160" cy="250" rx="142" ry="13" fill="#000" opacity="0.45"/>
      <path d="M16 208C18 176 40 168 74 162C96 128 122 112 164 112C212 112 236 134 256 162C288 168 304 178 304 212L298 232L22 232Z" fill="${body}"/>
      <path d="M92 160C106 136 126 126 156 126L158 162Z" fill="#20303f"/><path d="M168 126C204 126 222 142 238 162L170 162Z" fill="#2a3d50"/>
      <path d="M22 180C60 168 260 168 300 186L300 194C260 180 60 180 20 192Z" fill="${light}"/>
      <path d="M20 216L300 216L297 232L23 232Z" fill="${dark}"/>
      <ellipse cx="32" cy="192" rx="10" ry="8" fill="#fff6cf"/><rect x="288" y="186" width="14" height="12" fill="#c3161c"/>
      ${wheel(84)}${wheel(240)}
    </g>`,
  );
}

function truck(draw) {
  const hue = mix(0, 360, draw());
  const cab = colour(hue, mix(55, 85, draw()), mix(38, 52, draw()));
  const box = colour(mix(200, 240, draw()), mix(0, 12, draw()), mix(78, 94, draw()));
  const [defs, back] = backdrop(
    [colour(205, mix(25, 55, draw()), mix(65, 85, draw())), colour(205, 25, 85)],
    [colour(60, 6, mix(45, 62, draw())), colour(60, 6, mix(52, 70, draw()))],
    mix(190, 225, draw()),
  );
  const wheel = (x) =>
    `<circle cx="${x}" cy="244" r="25" fill="#121416"/><circle cx="${x}" cy="244" r="11" fill="#9aa1a9"/>`;
  return svg(
    defs,
    `${back}<g transform="translate(160 170) scale(${mix(0.92, 1.06, draw())}) translate(-160 -170)">
      <ellipse cx="160" cy="266" rx="146" ry="10" fill="#000" opacity="0.4"/>
      <rect x="104" y="72" width="200" height="158" fill="${box}"/><rect x="104" y="72" width="200" height="12" fill="#fff" opacity="0.7"/>
      <path d="M104 118h200v10h-200zM104 160h200v6h-200z" fill="${cab}" opacity="${draw() < 0.5 ? 0 : 0.8}"/>
      <path d="M16 232L16 172C18 156 30 118 44 112L100 112L100 232Z" fill="${cab}"/>
      <path d="M30 164L48 122L88 122L88 164Z" fill="#1d2b38"/>
      <rect x="14" y="226" width="290" height="14" fill="#2b2f34"/><rect x="14" y="196" width="12" height="14" fill="#fff4c0"/>
      ${wheel(62)}${wheel(204)}${wheel(262)}
    </g>`,
  );
}

function ship(draw) {
  const sea = mix(195, 215, draw());
  const hull = colour([0, 210, 220, 355, 15][Math.floor(draw() * 5)], mix(40, 75, draw()), mix(22, 42, draw()));
  const horizon = mix(150, 185, draw());
  const [defs, back] = backdrop(
    [colour(sea, mix(35, 60, draw()), mix(62, 78, draw())), colour(sea, 35, 86)],
    [colour(sea, mix(40, 60, draw()), mix(38, 50, draw())), colour(sea, 55, mix(24, 36, draw()))],
    horizon,
  );
  const waves = Array.from({ length: 14 }, () => {
    const [x, y, w] = [draw() * 320, mix(horizon + 20, 315, draw()), mix(18, 60, draw())];
    return `<path d="M${x} ${y}q${w / 2} -5 ${w} 0" stroke="#d7ecf7" stroke-width="3" fill="none" opacity="0.5"/>`;
  });
  return svg(
    defs,
    `${back}<g transform="translate(160 ${horizon + 20}) scale(${mix(0.9, 1.08, draw())})">
      <rect x="-70" y="-62" width="130" height="34" fill="#f4f6f8"/><rect x="-46" y="-92" width="84" height="32" fill="#e7ebef"/>
      <path d="M-60 -50h110v8h-110zM-38 -82h66v8h-66z" fill="#2c4154"/>
      <rect x="-6" y="-124" width="26" height="34" fill="${hull}"/><rect x="-6" y="-124" width="26" height="9" fill="#1b1f24"/>
      <path d="M-92 -30V-112" stroke="#d9dde2" stroke-width="5"/>
      <path d="M-150 -32L142 -28L118 28L-122 28Z" fill="${hull}"/><path d="M-150 -32L142 -28L139 -20L-146 -23Z" fill="#fff"/>
      <path d="M-128 18L123 18L118 28L-122 28Z" fill="#6d1f1c"/>
      <path d="M-150 30Q0 18 150 30" stroke="#fff" stroke-width="8" fill="none" opacity="0.8"/>
    </g>${waves.join('')}`,
  );
}

function bird(draw) {
  const back = colour(mix(80, 140, draw()), mix(15, 45, draw()), mix(45, 70, draw()));
  const body = colour([25, 210, 10, 40, 220][Math.floor(draw() * 5)], mix(25, 65, draw()), mix(30, 48, draw()));
  const belly = colour(35, mix(15, 45, draw()), mix(68, 84, draw()));
  return svg(
    gradient('s', back, colour(mix(80, 140, draw()), 25, mix(55, 80, draw()))),
    `<rect width="320" height="320" fill="url(#s)"/><path d="M0 262Q160 240 320 268V284Q160 258 0 280Z" fill="#5a4636"/>
    <g transform="translate(160 165) scale(${mix(0.9, 1.1, draw())}) translate(-160 -165)">
      <path d="M226 186L306 240L292 250L206 214Z" fill="${body}"/>
      <path d="M78 118C84 88 122 80 142 102C190 110 240 150 236 196C220 236 150 242 118 214C96 194 82 160 78 118Z" fill="${body}"/>
      <path d="M86 138C96 190 120 226 170 228C140 236 112 222 100 196C90 176 84 156 86 138Z" fill="${belly}"/>
      <path d="M136 140C180 138 226 166 238 204C200 214 150 194 136 140Z" fill="#000" opacity="0.35"/>
      <path d="M80 112L48 122L80 128Z" fill="#d79a2b"/><circle cx="102" cy="108" r="7" fill="#0b0b0b"/><circle cx="100" cy="106" r="2" fill="#fff"/>
      <path d="M150 228V262M172 228V264" stroke="#8a6a2c" stroke-width="6"/>
    </g>`,
  );
}

function horse(draw) {
  const coat = colour(mix(15, 32, draw()), mix(35, 60, draw()), mix(22, 40, draw()));
  const dark = colour(20, 30, 12);
  const [defs, back] = backdrop(
    [colour(205, 30, mix(70, 86, draw())), colour(110, 22, mix(50, 66, draw()))],
    [colour(mix(75, 110, draw()), mix(25, 45, draw()), mix(40, 55, draw())), colour(90, 30, mix(32, 48, draw()))],
    mix(140, 200, draw()),
  );
  return svg(
    defs,
    `${back}<g transform="translate(160 165) scale(${mix(0.92, 1.06, draw())}) translate(-160 -165)">
      <path d="M86 178L78 282L94 282L108 196ZM120 190L124 284L140 284L140 190ZM214 190L208 284L224 284L236 188ZM240 178L254 282L270 282L258 172Z" fill="${coat}"/>
      <path d="M78 272h17v12h-17zM124 274h17v12h-17zM208 274h17v12h-17zM253 272h18v12h-18z" fill="${dark}"/>
      <path d="M262 138C290 150 292 200 282 232C274 200 272 176 256 164Z" fill="${dark}"/>
      <path d="M78 186C76 150 84 118 70 84L92 60L110 92C124 118 150 130 190 128C236 124 268 140 266 176C262 204 226 206 190 200C150 206 98 214 78 186Z" fill="${coat}"/>
      <path d="M70 84L26 118C22 132 34 140 48 132L88 108L100 74L88 44L78 62Z" fill="${coat}"/>
      <path d="M88 44L112 74C128 100 140 118 156 128C132 126 112 112 100 92Z" fill="${dark}"/><circle cx="72" cy="84" r="5" fill="#000"/>
    </g>`,
  );
}

function frog(draw) {
  const skin = colour(mix(70, 120, draw()), mix(40, 70, draw()), mix(28, 44, draw()));
  const light = colour(mix(60, 80, draw()), 45, mix(62, 76, draw()));
  return svg(
    gradient(
      's',
      colour(mix(25, 60, draw()), mix(15, 35, draw()), mix(40, 65, draw())),
      colour(35, 25, mix(30, 55, draw())),
    ),
    `<rect width="320" height="320" fill="url(#s)"/>
    <g transform="translate(160 170) scale(${mix(0.95, 1.12, draw())}) translate(-160 -170)">
      <ellipse cx="160" cy="250" rx="128" ry="18" fill="#000" opacity="0.4"/>
      <path d="M48 250C30 214 50 176 86 178L116 244ZM272 250C290 214 270 176 234 178L204 244Z" fill="${skin}"/>
      <path d="M74 206C72 146 110 104 160 104C210 104 248 146 246 206C240 250 80 250 74 206Z" fill="${skin}"/>
      <path d="M98 206C100 176 126 160 160 160C194 160 220 176 222 206C216 238 104 238 98 206Z" fill="${light}"/>
      <circle cx="114" cy="106" r="26" fill="${skin}"/><circle cx="206" cy="106" r="26" fill="${skin}"/>
      <circle cx="114" cy="102" r="16" fill="#d8b13a"/><circle cx="206" cy="102" r="16" fill="#d8b13a"/>
      <ellipse cx="114" cy="102" rx="10" ry="6" fill="#0a0a0a"/><ellipse cx="206" cy="102" rx="10" ry="6" fill="#0a0a0a"/>
      <path d="M100 150Q160 176 220 150" stroke="#1c2a12" stroke-width="5" fill="none"/>
      <path d="M110 232L92 262L136 258ZM210 232L228 262L184 258Z" fill="${skin}"/>
    </g>`,
  );
}

function deer(draw) {
  const coat = colour(mix(22, 34, draw()), mix(35, 55, draw()), mix(34, 50, draw()));
  const wood = colour(mix(75, 125, draw()), mix(18, 40, draw()), mix(22, 38, draw()));
  const [defs, back] = backdrop(
    [wood, wood],
    [colour(80, 30, mix(30, 46, draw())), colour(70, 28, 34)],
    mix(190, 230, draw()),
  );
  return svg(
    defs,
    `${back}<g transform="translate(160 170) scale(${mix(0.9, 1.05, draw())}) translate(-160 -170)">
      <path d="M104 206L100 294L112 294L122 206ZM136 210L138 296L150 296L152 210ZM212 208L208 296L220 296L230 206ZM236 200L248 294L260 294L252 196Z" fill="${coat}"/>
      <path d="M98 204C92 170 96 140 92 112L118 100C126 132 150 148 192 148C236 146 262 160 258 190C254 214 226 214 196 212C160 216 108 226 98 204Z" fill="${coat}"/>
      <path d="M118 206C160 222 220 216 244 206C220 214 150 214 118 206Z" fill="#efe3cf"/><path d="M256 166l18 12l-16 14z" fill="#f3ece0"/>
      <path d="M92 118L58 116C48 112 50 100 60 98L92 84L118 86L122 108Z" fill="${coat}"/><path d="M112 88L136 74L120 96Z" fill="${coat}"/>
      <circle cx="92" cy="98" r="4.5" fill="#000"/><ellipse cx="54" cy="107" rx="6" ry="5" fill="#161210"/>
      <path d="M100 84C84 60 84 40 96 20M90 56L68 40M110 84C122 60 136 48 134 24M124 60L150 46" stroke="#8b7556" stroke-width="6" fill="none"/>
    </g>`,
  );
}
